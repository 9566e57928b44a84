"""The Images page: classes, their images, findings of the check."""
