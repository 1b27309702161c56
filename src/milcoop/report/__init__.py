"""Findings as blocks, then rendered as HTML, PDF and Markdown."""
