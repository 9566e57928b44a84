"""Zip and tar archives, unpacked with care."""
