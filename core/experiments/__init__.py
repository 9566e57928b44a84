"""Experiments: trainings that differ in a few settings and are compared."""
