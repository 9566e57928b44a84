"""The formats to export as. A new one is a module here, and its `predict.py`."""
