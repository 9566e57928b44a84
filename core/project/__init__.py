"""Project files: the user's images, edits and settings, to continue later."""
