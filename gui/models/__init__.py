"""Item models between core and the views."""
