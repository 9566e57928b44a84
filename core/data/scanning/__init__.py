"""Find the labelled images in what the user added, and check that they are enough."""
