"""Each rule that readings hang on moved by one step, everything else as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from milcoop.codebook.readings_rule import Line
from milcoop.domain.finding import Moved, Value
from milcoop.findings.readings.lines import edges_of, outcome_of
from milcoop.findings.readings.weighing import Floats, Weighing, place_of_word


@dataclass(frozen=True, slots=True)
class Variation:
    """One rule moved, and the posterior it then gives."""

    rule: str
    before: Value
    after: Value
    posterior: Floats
    odds: float | None = None
    """Moved odds of the answer; None where they are as the rule has them."""
    reading: str | None = None
    """The reading whose chance was moved; None where something common to all was."""

    def moved(self, value: Value) -> Moved:
        """The variation with the value it gives a finding."""
        return Moved(self.rule, self.before, self.after, value)


def vary(weighing: Weighing) -> Iterator[Variation]:
    """Priors, odds, trust, shared evidence, words of chance and edges, each by its declared step."""
    yield from _priors(weighing)
    rule = weighing.rule
    for odds in (rule.odds / rule.prior_step, rule.odds * rule.prior_step):
        yield Variation("weighing.odds", rule.odds, odds, weighing.posterior, odds=odds)
    for end in (rule.trust[0], rule.trust[2]):
        yield Variation("weighing.trust", rule.trust[1], end, weighing.solve(weights=weighing.weights(trust=end)))
    crowded = [b for b in weighing.codebook.bundles.values() if sum(x.bundle == b.id for x in weighing.known) > 1]
    for bundle in crowded:
        for end in (bundle.shared[0], bundle.shared[2]):
            posterior = weighing.solve(weights=weighing.weights(shared={bundle.id: end}))
            yield Variation(f"bundles.{bundle.id}.shared", bundle.shared[1], end, posterior)
    for line in weighing.known:
        yield from _edges(weighing, line)
        yield from _words(weighing, line)


def _priors(weighing: Weighing) -> Iterator[Variation]:
    readings = weighing.codebook.readings.values()
    total, step = sum(r.prior for r in readings), weighing.rule.prior_step
    for reading in readings:
        odds = reading.prior / (total - reading.prior)
        for moved in (odds / step, odds * step):
            p = moved / (1 + moved)
            rest = (1 - p) / (total - reading.prior)
            priors = {r.id: p if r is reading else r.prior * rest for r in readings}
            posterior = weighing.solve(prior=weighing.prior(priors))
            yield Variation(f"readings.{reading.id}.prior", reading.prior, round(p, 4), posterior)


def moved_edges(line: Line) -> Iterator[tuple[str, float, float, dict[int, float]]]:
    """Rule, value before and after, and edges, for each edge one step down and up."""
    for place, edge in edges_of(line).items():
        name = "even_within" if line.directed else f"outcomes.{line.outcomes[place].id}.below"
        for step in (-(line.step or 0), line.step or 0):
            yield f"lines.{line.id}.{name}", edge, round(edge + step, 6), {place: edge + step}


def _edges(weighing: Weighing, line: Line) -> Iterator[Variation]:
    """Moves of edges that change what is seen; the others change nothing."""
    value = weighing.shown[line.id].value
    if value is None:
        return
    for rule, before, after, edges in moved_edges(line):
        seen = outcome_of(line, value, edges)
        if seen is not None and seen != weighing.outcomes[line.id]:
            posterior = weighing.solve(log_seen=weighing.with_row(line, weighing.chances(line)[:, seen]))
            yield Variation(rule, before, after, posterior)


def _words(weighing: Weighing, line: Line) -> Iterator[Variation]:
    """The chance of what is seen one word down and up, for each named reading."""
    scale, seen = list(weighing.rule.words), weighing.outcomes[line.id]
    for reading in weighing.codebook.readings.values():
        if reading.flat:
            continue
        likeliest = max(weighing.places(reading.id), key=lambda i: float(weighing.posterior[i]))
        place = place_of_word(line, weighing.hypotheses[likeliest], seen)
        words = line.chances[reading.id]
        at = scale.index(words[place])
        for to in (at - 1, at + 1):
            if 0 <= to < len(scale):
                moved = (*words[:place], scale[to], *words[place + 1 :])
                row = weighing.chances(line, {reading.id: moved})[:, seen]
                posterior = weighing.solve(log_seen=weighing.with_row(line, row))
                name = f"lines.{line.id}.chances.{reading.id}.{place}"
                yield Variation(name, words[place], scale[to], posterior, reading=reading.id)
