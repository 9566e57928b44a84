"""Trained models on disk, and how they classify without TensorFlow."""
