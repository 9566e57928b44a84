"""Folders: their trees, and which of them are classes and splits."""
