"""Backbones: the list, downloads and imports."""
