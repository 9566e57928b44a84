"""TF-TRT: programs for another Python that has it, and the code that starts them."""
