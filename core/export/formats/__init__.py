"""The export formats. A new one is a module here, and its `predict.py`."""
