"""The guide: its documents, searching them, and the window that shows them."""
