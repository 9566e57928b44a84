"""The process that trains, and how others talk to it."""
