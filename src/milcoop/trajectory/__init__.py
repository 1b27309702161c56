"""Levels and counts over time."""
