"""The user's changes to a set of images, and the set with them."""
