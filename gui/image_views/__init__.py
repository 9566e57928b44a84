"""Grids, previews and thumbnails of images."""
