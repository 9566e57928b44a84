"""The EfficientNet-Lite networks, made from the weights that were published for PyTorch."""
