"""LiteRT: interpreters, their graphs, features by them."""
