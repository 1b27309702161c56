"""What next: fans of levels and counts, changes in words of likelihood, methods, and what it cannot say."""

from __future__ import annotations

from milcoop.domain.forecast import Distribution, Forecast, TargetForecast
from milcoop.domain.likelihood import chance, likelihood
from milcoop.report.blocks import Block, Chart, Paragraph, Part, Ref, Section, Table, joined, para, words
from milcoop.report.forecast_charts import fan_chart
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import area_name, is_rated, long_date

LIKELY = 0.55
"""From here a change is called likely (ICD 203)."""


def next_section(inputs: ReportInputs, forecast: Forecast) -> Section:
    """Forecast of every target that has one; what has none is named."""
    blocks: list[Block] = [_lead(inputs, forecast)]
    if forecast.targets:
        blocks.append(_changes(inputs, forecast))
    for kind, what in (("level", "Levels on record at each year's end"), ("count", "Acts on record a year")):
        targets = [t for t in forecast.targets if t.kind == kind]
        if targets:
            caption = (
                f"{what}: the past (line), and the years to come as bands that hold half, four in five and nineteen in twenty of the "
                "probability; red: the median."
            )
            blocks.append(Chart(f"fans-{kind}s", fan_chart(forecast, kind), caption))
    if forecast.targets:
        blocks.append(_table(inputs, forecast))
    blocks.append(_limits(inputs, forecast))
    return Section("next", "What next", tuple(blocks))


def _lead(inputs: ReportInputs, forecast: Forecast) -> Paragraph:
    start = f"From the vintage of {long_date(forecast.reference_date.isoformat())}, with what could be known that day" if forecast.real_time else f"From the record's end on {long_date(forecast.reference_date.isoformat())}"  # fmt: skip
    parts: list[Part] = [
        f"{start}, for the end of each year to come: the level that the criteria will give on record, and the acts on record in the "
        "year. "
    ]
    if forecast.left_out:
        names = words([_name(inputs, target) for target in forecast.left_out])
        parts.append(f"No forecast is given, which is not a forecast of zero, for {names}. ")
    if notes := [t for t in forecast.targets if t.note]:
        parts.append(f"Only a lower bound to start from, since the area is partly monitored: {words([_name(inputs, t.target) for t in notes])}. ")  # fmt: skip
    return para(*parts)


def _changes(inputs: ReportInputs, forecast: Forecast) -> Paragraph:
    """What becomes of each level over the whole horizon, those that are open first."""
    said: list[tuple[float, tuple[Part, ...]]] = []
    last = max(h for t in forecast.targets for h in t.by_horizon)
    for t in forecast.targets:
        if t.kind == "level":
            shares = t.by_horizon[last].against(t.now)
            said.append((max(shares), _change(_name(inputs, t.target), shares, _ids(inputs, t))))
    if not said:
        return para("No area has a level to start from.", head="In words")
    ordered = [phrase for _, phrase in sorted(said, key=lambda pair: pair[0])]
    lead = f"At the end of {forecast.end_of(last).year}, against the level now: "
    return para(lead, *joined(ordered), ".", head="In words")


def _change(name: str, shares: tuple[float, float, float], ids: tuple[str, ...]) -> tuple[Part, ...]:
    """The change that is likely; both where none is."""
    higher, same, lower = shares
    p, what = max((higher, "a higher"), (same, "the same"), (lower, "a lower"))
    if p >= LIKELY:
        return f"{what} level of {name} is {likelihood(p)} (", Ref(chance(p), ids), ")"
    return (
        f"the level of {name} is open, higher (",
        Ref(chance(higher), ids),
        ") or lower (",
        Ref(chance(lower), ids),
        ")",
    )


def _table(inputs: ReportInputs, forecast: Forecast) -> Table:
    horizons = sorted({h for t in forecast.targets for h in t.by_horizon})
    rows = []
    for t in forecast.targets:
        ids = _ids(inputs, t)
        higher, _, lower = t.by_horizon[horizons[-1]].against(t.now)
        rows.append(
            (
                t.label,
                _cell(f"{t.now:g}", ids),
                *(_cell(_band(t.by_horizon[h]), ids) for h in horizons),
                _cell(f"{likelihood(higher)}, {chance(higher)}" if higher > 0 else "at the top", ids),
                _cell(f"{likelihood(lower)}, {chance(lower)}" if lower > 0 else "at the floor", ids),
                t.method,
            )
        )
    return Table(
        ("Target", "Now", *(str(forecast.end_of(h).year) for h in horizons), "Higher at the end", "Lower at the end", "Method"),
        tuple(rows),
        "Median, in brackets the middle four in five. Now: the level at the reference date; acts in the twelve months up to it.",
        numeric=tuple(range(1, 2 + len(horizons))),
    )  # fmt: skip


def _limits(inputs: ReportInputs, forecast: Forecast) -> Paragraph:
    rule = inputs.codebook.forecast["forecast"]
    few = forecast.dyads_scored < rule.backtest.fewest_dyads
    chosen = (
        "by a backtest over vintages of the record"
        if forecast.choice
        else "as the default, since no scored outcome was on record"
    )
    claim = "; too few pairs are continuously monitored for a claim of skill" if forecast.choice and few else ""
    plain = [_name(inputs, t.target) for t in forecast.targets if t.method in rule.baselines]
    shipped = (
        f"A baseline is used, since none of ours did better than the best of them, for {words(plain)}. "
        if plain
        else ""
    )
    return para(
        f"Methods are simple and were chosen {chosen}{claim}. {shipped if forecast.choice else ''}They know how levels and counts have moved, and nothing of wars, treaties or "
        "leaders: a break that has no precedent in the record is outside every band. What is forecast is what the record will hold, so "
        "that reporting that dries up looks like cooperation that does. Scenarios on declared drivers are printed by the forecast "
        "command, with the size of each shift and whose judgement it is.",
        head="How this could be wrong",
    )


def _name(inputs: ReportInputs, target: str) -> str:
    kind, _, name = target.partition(":")
    if target == "level:overall":
        return "the whole"
    if kind == "level":
        return area_name(inputs, name)
    return next(c.label for c in inputs.codebook.forecast["forecast"].counts if c.id == name)


def _ids(inputs: ReportInputs, t: TargetForecast) -> tuple[str, ...]:
    """What the target starts from; the last rated levels where no act is on record."""
    return t.ids or tuple(r.id for r in inputs.now.values() if is_rated(r))


def _cell(text: str, ids: tuple[str, ...]) -> Part:
    return Ref(text, ids) if ids else "–"


def _band(d: Distribution) -> str:
    low, high = d.interval(80)
    return f"{d.median:g} ({low:g})" if low == high else f"{d.median:g} ({low:g}-{high:g})"
