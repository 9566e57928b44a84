"""Constants of classification that the command line needs at its start: imports nothing."""

IMAGENET = "imagenet"
"""The name under which the embedded backbone's own classes can be asked for."""

NUM_CLASSES_NAMED = 3
"""How many classes of an image are named unless asked otherwise."""
