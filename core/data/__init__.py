"""From files on disk to labelled, split, decoded images."""
