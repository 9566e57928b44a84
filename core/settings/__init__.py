"""What decides a training run, with all defaults."""
