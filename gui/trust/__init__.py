"""A model that may do more than compute: the question whether to trust it."""
