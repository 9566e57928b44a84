"""Run an artifact with its own runtime and compare its predictions with the model's."""
