"""Work in threads and in worker processes, and the questions it may ask."""
