"""Words of the field, explained, and where they stand in texts."""
