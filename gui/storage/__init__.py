"""What the caches take, and how to clear them."""
