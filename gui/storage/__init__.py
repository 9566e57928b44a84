"""Disk space used by caches and backbones, and how to free it."""
