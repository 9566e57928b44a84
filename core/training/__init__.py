"""What turns feature vectors into a trained model. Imported by the worker process only."""
