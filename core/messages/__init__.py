"""What the window or command line and the worker say to each other."""
