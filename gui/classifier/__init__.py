"""The model of the window that classifies images, and the popup with its answer."""
