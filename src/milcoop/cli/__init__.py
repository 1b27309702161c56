"""Commands: one file a command, options and output shared."""
