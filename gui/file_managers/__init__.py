"""The entry in the menus of file managers, and files shown in them."""
