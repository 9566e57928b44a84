"""The model of the window that classifies pictures, and the popup with its answer."""
