"""Images to feature vectors, once."""
