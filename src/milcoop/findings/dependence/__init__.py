"""Who depends on whom: shares, net dependence, composition of flows, needs (docs/dependence.md)."""

from milcoop.findings.dependence.find import find_dependence

__all__ = ["find_dependence"]
