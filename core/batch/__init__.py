"""Many images at once: work that can be interrupted and resumed, tables, copies."""
