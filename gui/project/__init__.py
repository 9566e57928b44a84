"""The open project and the settings of the window."""
