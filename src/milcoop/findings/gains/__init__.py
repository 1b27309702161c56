"""The ledger of gains: who gets what from each act, over time (docs/gains.md)."""
