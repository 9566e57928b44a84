"""Many pictures at once: work that can be broken off and gone on with, tables, copies."""
