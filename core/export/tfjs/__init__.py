"""TensorFlow.js: the converter, which is a program of its own, and the web page beside exports."""
