"""The name under which the embedded backbone's own classes can be asked for."""

IMAGENET = "imagenet"
