"""The library: all projects, each with its runs."""
