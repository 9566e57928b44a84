"""The main window: the only place that puts subjects together."""
