"""Statistics behind comparing trainings, and the learning curve."""
