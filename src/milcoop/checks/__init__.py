"""Checks of the measurement against worlds whose truth is known."""
