"""The form of training settings."""
