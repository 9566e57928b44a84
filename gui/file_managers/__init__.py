"""The entry in the menus of file managers."""
