"""Running an artifact with its own runtime and comparing its answers with the model's."""
