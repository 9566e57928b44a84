"""The page Projects: all projects of the library, and what can be done with them."""
