"""All findings on dependence of one pair, put together."""

from __future__ import annotations

from milcoop.domain.dependence import Dependence, Register
from milcoop.findings.dependence.composition import Flows, block_years
from milcoop.findings.dependence.flow_findings import flow_findings, need_findings
from milcoop.findings.dependence.needs import Needs
from milcoop.findings.dependence.net import net_dependence
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.dependence.share_findings import ShareFindings
from milcoop.findings.dependence.shares import Shares
from milcoop.findings.evidence import Evidence

NO_REGISTER = "no arms trade register imported (milcoop import sipri FILE --record DIR)"


def find_dependence(evidence: Evidence, register: Register | None = None, why_not: str = NO_REGISTER) -> Dependence:
    """Who depends on whom in the window; ``why_not`` says why there is no register."""
    rules = Rules(evidence.codebook.dependence)
    shares, flows = Shares(evidence, register), Flows(evidence)
    needs = Needs(flows, rules)
    length = int(rules["window-years"])
    blocks = tuple(flows.block(years, rules) for years in block_years(evidence.years, length))
    nets = tuple(net_dependence(shares, year, rules) for year in evidence.years)
    of_shares = ShareFindings(shares, flows, rules, why_not)
    findings = [
        *of_shares.all(nets),
        *flow_findings(flows, rules),
        *need_findings(needs, rules),
    ]
    cited = {i for f in findings for i in f.events}
    source = why_not if register is None else f"{register.name} of {register.vintage}"
    return Dependence(
        found=evidence.found("dependence", findings),
        source_shares=tuple(shares.cited),
        nets=nets,
        blocks=blocks,
        needs=tuple(n for state in evidence.dyad.states for n in needs.all(state, rules)),
        source=source,
        has_register=register is not None,
        deals=tuple(d for d in (register.of_pair if register else ()) if d.id in cited),
    )
