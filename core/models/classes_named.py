"""How many classes of a picture are named unless asked otherwise."""

NUM_CLASSES_NAMED = 3
