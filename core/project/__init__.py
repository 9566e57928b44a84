"""Project files: what a person trains on, with their edits and settings, to go on with later."""
