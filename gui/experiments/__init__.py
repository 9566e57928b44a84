"""The page Experiments: several values of settings tried and compared."""
