"""The page Runs: a project's trainings in a table, and several of them side by side."""
