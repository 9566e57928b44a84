"""The window. Imports core, never TensorFlow."""
