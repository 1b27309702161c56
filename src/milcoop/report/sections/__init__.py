"""The report's chapters, one file a chapter; each turns findings into blocks."""
