"""What connects pages and core: one use case each."""
