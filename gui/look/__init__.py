"""Colours, icons, translation, and numbers as text."""
