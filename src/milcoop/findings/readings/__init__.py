"""Which reading of a pair the evidence supports: lines of evidence, their weighing, the findings."""
