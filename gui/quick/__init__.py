"""A small window that classifies at once."""
