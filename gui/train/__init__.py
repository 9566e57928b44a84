"""The Train page: a run, its plots, its time."""
