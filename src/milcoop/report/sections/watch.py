"""What to watch: indicators by status, a map of the regions, base rates, and what outcomes do to the odds."""

from __future__ import annotations

from collections.abc import Sequence

from milcoop.codebook.watch_rule import PATHS, Indicator
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.rating import NOT_MONITORED
from milcoop.domain.watch import EXPIRED, NOT_SEEN, OVERDUE, QUIET, SEEN, Reading, Sign, Watch, leaning
from milcoop.findings.watch.geometry import Shape
from milcoop.report.blocks import (
    Block,
    Bullets,
    Chart,
    Paragraph,
    Part,
    Ref,
    Section,
    Table,
    count,
    joined,
    para,
    words,
)
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import direction_phrase, long_date, lower_first
from milcoop.report.watch_charts import WatchedPlace, WatchedRegion, watch_map

ORDER = (SEEN, OVERDUE, CANNOT_TELL, QUIET, NOT_MONITORED, EXPIRED)
IN_WINDOW, UNDECIDED, EARLIER = "in the window", "undecided", "earlier"


def watch_section(inputs: ReportInputs, watch: Watch) -> Section:
    """Indicators of a pair as they stand; for a pair that was never searched, that nothing can be said."""
    readings = sorted(watch.readings, key=lambda r: ORDER.index(r.status))
    blocks: list[Block] = [_lead(watch)]
    if not any(r.status != NOT_MONITORED or r.signs or r.last for r in readings):
        blocks.append(
            para(
                "No family of acts that the indicators read was searched for this pair: not monitored. Quiet would say nothing."
            )
        )
        return Section("watch", "What to watch", tuple(blocks))
    blocks += [_in_words(inputs, readings), *_map(inputs, watch), _table(inputs, readings), *_shift(watch)]
    blocks += [_times(inputs, readings), _shared(inputs), _limits(watch)]
    return Section("watch", "What to watch", tuple(blocks))


def _lead(watch: Watch) -> Paragraph:
    day = long_date(watch.reference.isoformat())
    return para(
        f"Indicators are signs fixed beforehand that growth, plateau or decline would each make more or less likely. They stand here as on {day}, "
        "each over the months of its own horizon; acts found after that day count as well. An act that may be a sign and cannot be told, mostly since its place is too vague, is undecided "
        "and counted neither way."
    )


def _in_words(inputs: ReportInputs, readings: Sequence[Reading]) -> Bullets:
    """Which indicators were seen, by what; and the others by status."""
    items = [_seen(inputs, r) for r in readings if r.status == SEEN]
    for status, head in (
        (OVERDUE, "Overdue, silence that the base rate makes unlikely"),
        (CANNOT_TELL, "Cannot tell"),
        (QUIET, "Quiet"),
        (NOT_MONITORED, "Not monitored"),
        (EXPIRED, "Expired, to be argued again"),
    ):
        named = [r for r in readings if r.status == status]
        if not named:
            continue
        acts = _ids([s for r in named for s in r.undecided])
        tail: tuple[Part, ...] = ("; ", *count(acts, "act is undecided", "acts are undecided")) if acts else ()
        items.append(para(_upper(words([lower_first(r.label) for r in named])), *tail, ".", head=head))
    return Bullets(tuple(items))


def _seen(inputs: ReportInputs, reading: Reading) -> Paragraph:
    parts: list[Part] = [f"{reading.label}: ", *count(_ids(reading.sure), "act"), " in the window"]
    if reading.undecided:
        parts += [" and ", Ref(f"{len(reading.undecided)}", _ids(reading.undecided)), " undecided"]
    last = reading.sure[0]
    title = inputs.by_id[last.event].title
    parts += ["; last ", Ref(_told(last, title), (last.event,)), f", {direction_phrase(inputs, last.direction)}"]
    if reading.base is not None and (before := _ids([s for s in reading.base.signs if s.sure])):
        parts += ["; before, ", Ref(f"{reading.base.rate:.1f}", before), " a year"]
    return para(*parts, ".", head="Seen")


def _told(sign: Sign, title: str) -> str:
    what = f" ({sign.what})" if sign.what.startswith("first") or ":" in sign.what else ""
    return f"{sign.on.isoformat()}, {title}{what}"


def _map(inputs: ReportInputs, watch: Watch) -> list[Block]:
    """Regions of the indicators by status, and the acts there that have a place; in words where none has."""
    regions, found = [], {}
    for reading, entry in _with_region(inputs, watch):
        region = inputs.codebook.regions[str(entry.trigger.region)]
        regions.append(
            WatchedRegion(region.label, reading.status, Shape(region).outline, _ids(reading.signs or reading.last))
        )
        earlier = [s for s in (*(reading.base.signs if reading.base else ()), *reading.last) if s.sure]
        for when, signs in ((EARLIER, earlier), (UNDECIDED, reading.undecided), (IN_WINDOW, reading.sure)):
            found.update({s.event: when for s in signs if when != EARLIER or s.event not in found})
    at: dict[tuple[str, str], list[str]] = {}
    for event, when in found.items():
        place = getattr(inputs.by_id[event], "place", None)
        if place in inputs.codebook.places:
            at.setdefault((str(place), when), []).append(event)
    places = [
        WatchedPlace(p.label, p.lat, p.lon, when, tuple(ids))
        for (name, when), ids in sorted(at.items(), key=lambda item: (EARLIER, UNDECIDED, IN_WINDOW).index(item[0][1]))
        for p in [inputs.codebook.places[name]]
    ]
    if not places:
        return [
            para("No act in a watched region, or that may have been in one, has a place that could be drawn on a map.")
        ]
    chart = Chart(
        "watch-map",
        watch_map(regions, places),
        "Regions that are watched, by the status of their indicator, and the exercises and patrols that set them off: in the window, undecided since their place "
        "is too vague, or earlier. A circle stands at the middle of a sea where no better place is known; acts without a place are not on the map.",
    )
    return [chart]


def _table(inputs: ReportInputs, readings: Sequence[Reading]) -> Table:
    rows = tuple(_row(inputs, r) for r in readings)
    return Table(
        (
            "Indicator",
            "Status",
            "Acts in the window",
            "Last act",
            "Acts a year before",
            "Horizon, months",
            "If seen",
            "If not seen",
        ),
        rows,
        "Acts in the window: sure ones, with undecided ones in brackets. Acts a year before: base rate over monitored years, with its Poisson interval of nine in ten, "
        "the upper end with undecided acts. If seen, if not seen: what the odds of growth and of decline, each against plateau, are multiplied by; an arrow marks the outcome so far.",
    )


def _row(inputs: ReportInputs, reading: Reading) -> tuple[Part, ...]:
    base = reading.base
    last = reading.last[0] if reading.last else None
    undecided = f" (+{len(reading.undecided)})" if reading.undecided else ""
    acts = _cell(f"{len(reading.sure)}{undecided}", _ids(reading.signs), "none")
    rate: Part = (
        "not monitored"
        if base is None
        else _cell(f"{base.rate:.2f} ({base.low:.2f}–{base.high:.2f})", _ids(base.signs), "none")
    )
    seen, unseen = (_factors(reading, outcome) for outcome in (SEEN, NOT_SEEN))
    return (
        reading.label,
        reading.status,
        acts,
        Ref(last.on.isoformat(), (last.event,)) if last else "none on record",
        rate,
        str(reading.horizon),
        seen,
        unseen,
    )


def _factors(reading: Reading, outcome: str) -> str:
    """What an outcome multiplies the odds of growth and of decline by; an arrow marks the one so far."""
    if reading.odds is None:
        return "–"
    f = reading.odds.if_seen if outcome == SEEN else reading.odds.if_not_seen
    return f"{'→ ' if reading.odds.outcome == outcome else ''}{f['growth']:.2f}, {f['decline']:.2f}"


def _shift(watch: Watch) -> list[Block]:
    """All outcomes together; nothing where none rests on an act."""
    growth, decline = (watch.found[f"watch.shift.{p}"] for p in ("growth", "decline"))
    if growth.value is None or not growth.events:
        return []
    said: list[tuple[Part, ...]] = [
        (
            f"of {path} by ",
            Ref(f"{f.value:.2f}", f.events),
            " (",
            Ref(f"{f.low:.2f} to {f.high:.2f}", f.events),
            f": {leaning(*watch.shift[path][1:])})",
        )
        for path, f in (("growth", growth), ("decline", decline))
    ]
    whole = para(
        "Against plateau, the outcomes so far multiply the odds ",
        *joined(said),
        ". Signs hang together: one voyage can set off several, and a quiet year is quiet everywhere. A group of like signs therefore counts as one; the ends hold the product of all as if each stood alone, "
        "acts that cannot be told read as signs and as none, and the judgement weighed half and double. These are changes of odds, not odds, and must not be put on a forecast that rests on the same acts.",
        head="Growth, plateau or decline",
    )
    return [whole]


def _times(inputs: ReportInputs, readings: Sequence[Reading]) -> Table:
    """How often each sign comes on each path: as judged, after history, and on how much history."""
    rows: list[tuple[Part, ...]] = []
    for reading in readings:
        entry, odds = inputs.codebook.indicators[reading.id], reading.odds
        judged = " : ".join(f"{entry.times.of(p):g}" for p in PATHS)
        if odds is None:
            rows.append((entry.label, judged, "–", "–", "–", entry.expires))
            continue
        rows.append(
            (
                entry.label,
                judged,
                " : ".join(f"{p.times:.2f}" for p in odds.paths),
                " : ".join(f"{p.windows:g}" for p in odds.paths),
                " : ".join(f"{p.seen:g}/{p.expected:.1f}" for p in odds.paths),
                entry.expires,
            )
        )
    return Table(
        ("Indicator", "Judged times", "After history", "Past windows", "Acts/expected", "Expires"),
        tuple(rows),
        "Growth : plateau : decline. Judged times: how often the sign is thought to come on each path, as times its base rate; "
        "after history: weighed against past windows of all pairs on record, of which few are searched for long enough.",
    )


def _shared(inputs: ReportInputs) -> Table:
    """The values that all indicators share, as they stand in the codebook used."""
    rule = inputs.codebook.watch["watch"]
    reach = ", ".join(f"{precision} {km:g}" for precision, km in rule.place_km.items())
    rows = (
        ("How far an act may be from its place, km", reach),
        ("Weight of the judged times, in expected acts", f"{rule.weight:g}"),
        ("Most that one indicator may multiply or divide odds by", f"{rule.factor_at_most:g}"),
        ("Chance of no act from which on down silence is overdue", f"{rule.overdue:g}"),
        ("Years after a past window over which its path is taken", f"{rule.ahead_years}"),
        ("Fewest monitored years for a base rate", f"{rule.base_at_least}"),
    )
    return Table(
        ("Shared by all indicators", "Value"), rows, "From the codebook; milcoop codebook watch gives the reasons."
    )


def _limits(watch: Watch) -> Paragraph:
    basis = [r for r in watch.readings if r.odds is not None and r.odds.basis != "judgement"]
    thin = (
        "No indicator has history enough on every path"
        if not basis
        else f"Only {words([lower_first(r.label) for r in basis])} rest on history as well"
    )
    return para(
        f"{thin}; the times of the others are judgement, each with its reason in the codebook. What is not on record is not seen: quiet may be silence of the sources, and a lapse a round that no "
        "search found. Edges of regions are definitions with their sources in the codebook, not limits of sovereignty.",
        head="How this could be wrong",
    )


def _with_region(inputs: ReportInputs, watch: Watch) -> list[tuple[Reading, Indicator]]:
    entries = inputs.codebook.indicators
    return [(r, entries[r.id]) for r in watch.readings if entries[r.id].trigger.region is not None]


def _ids(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.event for s in signs))


def _cell(text: str, ids: tuple[str, ...], empty: str) -> Part:
    return Ref(text, ids) if ids else empty


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
