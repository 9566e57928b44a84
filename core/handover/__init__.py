"""Hand files over to a running Fieldguide, and receive them there."""
