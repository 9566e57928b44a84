"""Export a trained model to other formats, and verify that they agree with it."""
