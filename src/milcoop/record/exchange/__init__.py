"""The record in and out: a Frictionless package that imports again, files of rows, the dyad-year panel, differences."""
