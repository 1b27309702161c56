"""What the words mean: entries as YAML, their schema, loader and linter."""
