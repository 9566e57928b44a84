"""Programs that are copied beside artifacts. They need one runtime, NumPy and Pillow, no more."""
