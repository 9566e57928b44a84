"""Pictures that the camera takes for a class."""
