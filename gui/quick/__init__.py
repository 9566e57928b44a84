"""A small window that answers at once, and who may ask for it."""
