"""Properties that every rating of the real record keeps, on both scales and at several vintages."""

from statistics import median

import pytest

from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.workbench import Workbench, open_workbench

CASES = [(None, None), (None, "korolev-8"), ("2014-12-31", None), ("1996-06", None), ("2022-11-30", "korolev-8")]


@pytest.fixture(scope="module", params=CASES, ids=str)
def found(request: pytest.FixtureRequest, dyad: Dyad) -> Assessment:
    as_of, scale = request.param
    return open_workbench(None, as_of).assess(dyad, scale_id=scale)


def test_a_level_is_missing_exactly_where_nobody_searched_or_it_has_no_meaning(found: Assessment) -> None:
    assert found.ratings
    for r in found.ratings:
        assert (r.level is None) == (r.coverage in ("not monitored", "not applicable")), r.id
        assert r.coverage in ("monitored", "partly", "not monitored", "not applicable")
        assert r.label == (r.coverage if r.level is None else found.scale.levels[r.level])


def test_the_whole_needs_five_monitored_areas(found: Assessment) -> None:
    counted = set()
    for whole in found.overall:
        levels = [
            r.level for r in found.of_year(whole.year).values() if r.coverage == "monitored" and r.level is not None
        ]
        counted.add(len(levels))
        assert whole.areas_counted == len(levels)
        assert whole.level == (median(levels) if len(levels) >= 5 else None)
        assert whole.stage is None or whole.level is not None
    assert len(found.overall) == len(found.years)


def test_a_level_is_the_highest_rung_with_all_lower_ones(found: Assessment) -> None:
    for r in found.ratings:
        if r.level is None:
            continue
        by_rung = {c.level: all(x.met for x in r.criteria if x.level == c.level) for c in r.criteria}
        assert all(by_rung[n] for n in range(1, r.level + 1)), r.id
        assert not by_rung.get(r.level + 1, False), r.id
        assert r.skipped == tuple(n for n, met in sorted(by_rung.items()) if met and n > r.level), r.id


def test_every_met_criterion_names_events_that_exist(found: Assessment) -> None:
    known = {e.id for e in found.events} | {f.id for f in found.figures}
    for r in found.ratings:
        for c in r.criteria:
            assert c.met == (c.value >= c.threshold), c.id
            assert not c.met or c.events, (r.id, c.id)
            assert set(c.events) <= known, (r.id, c.id)
        assert set(r.events) <= known
        assert not r.level or r.events, r.id


def test_variants_kept_are_some_of_the_variants(found: Assessment) -> None:
    for r in found.ratings:
        assert (r.variants is None) == (r.variants_kept is None) == (r.level is None), r.id
        if r.variants is not None and r.variants_kept is not None:
            assert 0 <= r.variants_kept <= r.variants
            assert r.variants > 0


def test_no_deciding_event_is_alleged_announced_or_cancelled(found: Assessment) -> None:
    status = {e.id: e.status for e in found.events}
    deciding = {status[i] for r in found.ratings for i in r.events if i in status}
    assert deciding <= set(found.scale.realised)
    assert deciding.isdisjoint({"alleged", "announced", "postponed", "cancelled", "denied"})


def test_an_event_may_decide_after_it_began_only(found: Assessment) -> None:
    begun = {e.id: e.when.start.year for e in found.events}
    early = [(r.id, i) for r in found.ratings for i in r.events if i in begun and begun[i] > r.year]
    assert early == []


def test_pairs_that_nobody_searched_have_no_level(workbench: Workbench) -> None:
    for pair in (("USA", "FRA"), ("RUS", "KAZ"), ("ISL", "FJI")):
        found = workbench.assess(workbench.dyad(*pair))
        assert not found.monitored
        assert {(r.level, r.label) for r in found.ratings} == {(None, "not monitored")}
        assert {o.level for o in found.overall} == {None}


def test_reference_dyads_are_rated_in_their_anchor_years(workbench: Workbench) -> None:
    """Every area of every reference dyad has a level, or does not apply, at 31 December of each anchor year."""
    for reference in workbench.codebook.references.values():
        found = workbench.assess(workbench.dyad(*reference.dyad))
        for year in reference.anchors:
            assert {r.coverage for r in found.of_year(year).values()} <= {"monitored", "not applicable"}, (
                reference.id,
                year,
            )
            whole = next(o for o in found.overall if o.year == year)
            assert whole.level is not None
            assert not reference.near_empty or whole.level == 0


def test_other_years_of_reference_dyads_are_not_monitored(workbench: Workbench) -> None:
    """But for exercises of three pairs, which were searched throughout as control series of the lull test."""
    control = {"BLR-RUS", "IND-RUS", "CHN-PAK"}
    windows = {y for anchor in (2005, 2015, 2024) for y in range(anchor - 4, anchor + 1)}
    for reference in workbench.codebook.references.values():
        found = workbench.assess(workbench.dyad(*reference.dyad))
        outside = {(r.year, r.area) for r in found.ratings if r.coverage == "monitored" and r.year not in windows}
        allowed = {"exercises"} if found.dyad.id in control else set()
        assert {area for _, area in outside} <= allowed, reference.id


def test_the_reference_dyads_keep_the_ends_of_the_scale_apart(workbench: Workbench) -> None:
    """Pairs with an integrated command, bases and common doctrine above all; near-empty pairs at nothing."""

    def whole(a: str, b: str) -> float:
        found = workbench.assess(workbench.dyad(a, b), from_year=2024, to_year=2024)
        return float(found.overall[0].level or 0)

    high = [whole("USA", "KOR"), whole("USA", "GBR"), whole("RUS", "BLR"), whole("USA", "JPN")]
    middle = [whole("RUS", "CHN"), whole("CHN", "PAK"), whole("RUS", "IRN"), whole("RUS", "IND")]
    low = [whole("IRN", "ISR"), whole("MNG", "URY"), whole("ISL", "LAO")]
    assert min(high) > max(middle) >= min(middle) > max(low) == 0
