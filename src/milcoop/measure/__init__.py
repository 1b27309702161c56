"""Rating by criteria: evidence, coverage, levels."""
