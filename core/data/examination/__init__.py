"""Facts about every image of a set, and the problems that they show."""
