"""The model that answers in the window, and the popup with its answer."""
