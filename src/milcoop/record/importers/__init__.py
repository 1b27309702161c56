"""Importers: each turns one publisher's real file into a dataset beside the ledger, and reports what it could not use."""
