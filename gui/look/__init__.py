"""Colours, icons and how numbers are written."""
