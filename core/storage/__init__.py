"""Files and folders of the program's own, written and read safely."""
