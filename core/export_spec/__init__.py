"""Export formats, options and results, without the code that exports."""
