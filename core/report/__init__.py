"""Reports on runs, for readers who have neither the pictures nor the program."""
