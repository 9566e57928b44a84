"""Turning a trained model into formats for use elsewhere, and proving that they agree."""
