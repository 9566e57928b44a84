"""Pretrained feature extractors: where they come from and what they take."""
