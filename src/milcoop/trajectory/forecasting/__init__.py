"""Forecasts of levels and yearly counts: one method a file, scores, choice among methods (docs/forecast.md)."""
