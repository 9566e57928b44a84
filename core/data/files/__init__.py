"""Files on disk: which are images, and which other files are left out."""
