"""Takes what other processes hand over to a running Fieldguide, and hands over to it."""
