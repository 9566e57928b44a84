"""Core ML: convert a model in a program of its own, and compute it where no Core ML is."""
