"""TF-TRT: programs for another Python that has it, and what starts them."""
