"""Images that the camera takes for a class."""
