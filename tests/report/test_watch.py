"""The chapter on what to watch: evidence behind numbers, the map's marks, a changed rule, pairs without evidence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.watch import Watcher
from milcoop.report.blocks import Bullets, Chart, Paragraph, Section, Table
from milcoop.report.contents import build_contents, resolve
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.watch import watch_section
from milcoop.report.watch_charts import WatchedRegion, _view
from milcoop.workbench import Workbench
from tests.report.test_evidence import DATE, ids_of, parts_of


@pytest.fixture(scope="module")
def section(inputs: ReportInputs) -> Section:
    return next(s for s in build_contents(inputs, "full").sections if s.id == "watch")


def tables(section: Section) -> dict[str, Table]:
    return {b.columns[-1]: b for b in section.blocks if isinstance(b, Table)}


def test_every_id_resolves_and_no_digit_stands_bare(section: Section, inputs: ReportInputs) -> None:
    ids = set(ids_of(section))
    assert ids
    assert {i for i in ids if not resolve((i,), inputs)} == set()
    paragraphs = [b for b in section.blocks if isinstance(b, Paragraph)]
    paragraphs += [p for b in section.blocks if isinstance(b, Bullets) for p in b.items]
    bare = [t for p in paragraphs for t in p.parts if isinstance(t, str) and re.search(r"\d", DATE.sub("", t))]
    assert bare == []
    captions = [b.caption for b in section.blocks if isinstance(b, Table | Chart)]
    assert [c for c in captions if re.search(r"\d", c)] == []
    assert list(parts_of(section))


def test_one_row_an_indicator(section: Section, inputs: ReportInputs) -> None:
    entries = inputs.codebook.indicators.values()
    for table in (tables(section)["If not seen"], tables(section)["Expires"]):
        assert sorted(str(r[0]) for r in table.rows) == sorted(e.label for e in entries)


def test_the_map_holds_every_region(section: Section, inputs: ReportInputs) -> None:
    (chart,) = [b for b in section.blocks if isinstance(b, Chart)]
    datasets = [
        v for layer in chart.spec["layer"] for v in [layer.get("data", {}).get("values")] if isinstance(v, list)
    ]
    features = [f for rows in datasets for f in rows if f.get("type") == "Feature"]
    assert {f["place"] for f in features} == {r.label for r in inputs.codebook.regions.values()}
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1] or abs(ring[0][0] - ring[-1][0]) == 360
    circles = [row for rows in datasets for row in rows if "when" in row]
    assert circles
    assert all(row["ids"] and row["n"] == len(row["ids"]) for row in circles)


def test_the_view_holds_all_regions() -> None:
    a = WatchedRegion("a", "quiet", [(179.0, 0.0), (-179.0, 0.0), (-179.0, 10.0), (179.0, 0.0)], ())
    b = WatchedRegion("b", "quiet", [(160.0, 40.0), (170.0, 40.0), (170.0, 50.0), (160.0, 40.0)], ())
    (lat, lon), reach = _view([a, b])
    assert 10 < lat < 40 and (150 < lon <= 180)
    assert 20 < reach < 60


def test_a_changed_weight_shows(inputs: ReportInputs, workbench: Workbench) -> None:
    book = inputs.codebook
    guam = book.indicators["near-guam"]
    times = guam.times.model_copy(update={"growth": 4.5})
    rule = book.watch["watch"].model_copy(update={"weight": 7.0})
    mine = replace(
        book,
        indicators=book.indicators | {"near-guam": guam.model_copy(update={"times": times})},
        watch={"watch": rule},
    )
    evidence = replace(workbench.evidence(inputs.assessment.dyad), codebook=mine)
    watch = Watcher([], Geography(mine)).watch(evidence)
    changed = watch_section(replace(inputs, codebook=mine), watch)
    rows = {str(r[0]): r for r in tables(changed)["Expires"].rows}
    assert rows[guam.label][1] == "4.5 : 1 : 0.5"
    shared = {str(r[0]): r[1] for r in tables(changed)["Value"].rows}
    assert shared["Weight of the judged times, in expected acts"] == "7"


@pytest.mark.parametrize(("pair", "said"), [(("FRA", "PER"), "not monitored"), (("MNG", "URY"), "Quiet")])
def test_pairs_with_little_or_no_evidence(
    workbench: Workbench, inputs: ReportInputs, pair: tuple[str, str], said: str
) -> None:
    watch = workbench.watch(workbench.dyad(*pair))
    section = watch_section(replace(inputs, watch=watch), watch)
    assert not [b for b in section.blocks if isinstance(b, Chart)]
    paragraphs = [b for b in section.blocks if isinstance(b, Paragraph)]
    items = [p for b in section.blocks if isinstance(b, Bullets) for p in b.items]
    assert any(said in p.head + p.text for p in (*paragraphs, *items))
