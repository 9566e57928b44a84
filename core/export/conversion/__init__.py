"""What converts with TensorFlow and its converters. Imported by the worker process only."""
