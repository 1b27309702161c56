"""Message against substance: how joint acts really are, how loud, and whether words run ahead of deeds (docs/signals.md)."""

from milcoop.findings.signals.findings import find_signals as find_signals
