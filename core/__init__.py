"""Fieldguide's engine: everything but the window. Imports no Qt."""
