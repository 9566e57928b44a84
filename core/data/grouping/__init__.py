"""Which images stay together: near-duplicates, and groupings joined."""
