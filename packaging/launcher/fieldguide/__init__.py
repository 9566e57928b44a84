"""The installed command's way to the program; holds no part of it."""
