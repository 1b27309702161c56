"""Levels, gaps, the whole, stages and variants against results worked out by hand."""

from datetime import date

import pytest

from milcoop.domain.rating import Rating
from tests.truth.cases import act, area, criterion, rater, scale, searched, the_area

LADDER = area(
    "x",
    [criterion("x.1", at_least=1)],
    [criterion("x.2", measure="years", at_least=2)],
    [criterion("x.3", select={"families": ["exercise"], "where": {"command": ["combined"]}}, at_least=1)],
    [criterion("x.4a", measure="years", at_least=3), criterion("x.4b", at_least=4)],
)


def rate(year: int, *acts: object, **more: object) -> Rating:
    made = scale(LADDER, levels=4)
    return rater(made, acts, **more).rate_area(the_area(made), year)  # type: ignore[arg-type]


def test_no_act_is_level_zero_where_searched() -> None:
    rating = rate(2010)
    assert (rating.level, rating.label, rating.coverage, rating.events) == (0, "0", "monitored", ())
    assert rating.id == "ARG-BRA:x:2010"
    assert rating.on == "2010-12-31"


def test_highest_rung_with_all_lower_ones() -> None:
    rating = rate(2010, act("2008"), act("2010", fields={"command": ["combined"]}))
    assert rating.level == 3
    assert rating.skipped == ()
    assert rating.events == ("act-2008", "act-2010")
    assert [(c.id, c.met, c.value) for c in rating.criteria] == [
        ("x.1", True, 2),
        ("x.2", True, 2),
        ("x.3", True, 1),
        ("x.4a", False, 2),
        ("x.4b", False, 2),
    ]


def test_rungs_above_a_gap_are_named_as_skipped() -> None:
    rating = rate(2010, act("2010", fields={"command": ["combined"]}))
    assert rating.level == 1
    assert rating.skipped == (3,)
    assert rating.events == ("act-2010",)


def test_all_criteria_of_a_rung_are_needed() -> None:
    three_years = [act("2006"), act("2008"), act("2010", fields={"command": ["combined"]})]
    assert rate(2010, *three_years).level == 3  # x.4a met, x.4b has three of four acts
    assert rate(2010, *three_years, act("2010-05")).level == 4


def test_acts_leave_the_window() -> None:
    acts = [act("2006"), act("2007", fields={"command": ["combined"]})]
    assert [rate(year, *acts).level for year in range(2005, 2013)] == [0, 1, 3, 3, 3, 3, 1, 0]


def test_rated_at_the_end_of_the_record_in_its_own_year_and_not_after() -> None:
    assert rate(2026).on == "2026-06-30"
    after = rate(2027, act("2026"))
    assert (after.level, after.label, after.coverage) == (None, "not monitored", "not monitored")


def test_unsearched_year_has_no_level_whatever_the_acts() -> None:
    rating = rate(1985, act("1985"))
    assert (rating.level, rating.label, rating.variants, rating.events) == (None, "not monitored", None, ())
    assert rating.criteria[0].met


def test_partly_searched_year_has_a_level_that_says_so() -> None:
    rating = rate(2010, act("2010"), coverage=searched(languages=("en",)))
    assert (rating.level, rating.coverage) == (1, "partly")


def test_not_applicable_has_no_level() -> None:
    ladder = LADDER | {
        "not_applicable": {
            "why": "allies",
            "criterion": criterion("x.na", select={"types": ["command.integrated"]}, measure="in_force", window=None),
        }
    }
    made = scale(ladder, levels=4)
    acts = [act("1990", "command.integrated", status="in-force", history=[("ended", "2011-05")]), act("2010")]
    ratings = {year: rater(made, acts).rate_area(the_area(made), year) for year in (2010, 2011)}
    assert (ratings[2010].level, ratings[2010].label) == (None, "not applicable")
    assert ratings[2011].level == 1


def test_variants_are_counted_by_hand() -> None:
    # x.1 threshold 1: up only, window both ways: 3. x.2, x.3 likewise: 2 gives 4 (1 and 3), x.3 gives 3.
    # x.4a and x.4b: 4 each. In all 3 + 4 + 3 + 4 + 4.
    rating = rate(2010, act("2006"), act("2010", fields={"command": ["combined"]}))
    assert (rating.level, rating.variants) == (3, 18)
    # Lost by: x.2 needing 3 years, x.2 reading only 2007-2010, x.3 needing 2 acts. x.1 at 2 still holds.
    assert rating.variants_kept == 15


def test_variants_of_a_text_in_force() -> None:
    row = criterion("x.1", select={"families": ["agreement"]}, measure="in_force", window=None)
    made = scale(area("x", [row]), levels=1)
    text = act("2001", "agreement.treaty", status="signed")
    rating = rater(made, [text]).rate_area(the_area(made), 2010)
    # one variant: two texts needed; none for a threshold of zero, none for a window
    assert (rating.level, rating.variants, rating.variants_kept) == (1, 1, 0)


def test_step_of_a_threshold() -> None:
    row = criterion("x.1", measure="years", at_least=4, step=2)
    made = scale(area("x", [row]), levels=1)
    rating = rater(made, [act(str(y)) for y in (2007, 2008, 2009, 2010)]).rate_area(the_area(made), 2010)
    # thresholds 2 and 6 (lost), windows 4 and 6
    assert (rating.level, rating.variants, rating.variants_kept) == (1, 4, 3)


def levels(*given: int, stages: str = "eeemmaa", **more: int) -> tuple[float | None, str | None, int]:
    """The whole of areas with these levels; one act a level and area, told apart by mechanism."""
    names = {"e": "early", "m": "moderate", "a": "advanced"}
    areas = [
        area(
            f"a{i}",
            *([criterion(f"a{i}.{n}", select={"where": {"mechanism": [f"a{i}"]}}, at_least=n)] for n in range(1, 6)),
            stage=names[stage],
        )
        for i, stage in enumerate(stages[: len(given)])
    ]
    made = scale(*areas, **more)
    acts = [act("2010", id_=f"a{i}-{k}", mechanism=f"a{i}") for i, n in enumerate(given) for k in range(n)]
    found = rater(made, acts)
    whole = found.overall(found.rate([2010]))[0]
    return whole.level, whole.stage, whole.areas_counted


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ((1, 2, 3, 4, 5), 3),
        ((1, 2, 3, 4, 5, 5), 3.5),
        ((0, 0, 2, 3, 5, 5), 2.5),
        ((0, 2, 2, 2, 5, 5), 2),
        ((4, 3, 2, 5, 2, 2, 2), 2),
        ((1, 2, 3, 4), None),
    ],
)
def test_the_whole_is_the_median_of_at_least_five_areas(given: tuple[int, ...], level: float | None) -> None:
    assert levels(*given)[0] == level
    assert levels(*given)[2] == len(given)


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ((3, 3, 0, 0, 0, 0, 0), "early"),
        ((3, 2, 0, 5, 5, 5, 5), None),
        ((3, 3, 3, 3, 2, 5, 5), "early"),
        ((3, 3, 3, 3, 4, 5, 2), "moderate"),
        ((5, 5, 5, 3, 3, 3, 3), "advanced"),
        ((2, 2, 2, 5, 5, 5, 5), None),
    ],
)
def test_stage_needs_most_areas_of_it_and_of_every_lower_stage(given: tuple[int, ...], stage: str | None) -> None:
    assert levels(*given)[1] == stage


def test_partly_monitored_areas_do_not_count_for_the_whole() -> None:
    made = scale(*(area(f"a{i}", [criterion(f"a{i}.1")]) for i in range(5)), levels=1)
    found = rater(made, [act("2010")], coverage=searched(languages=("en",)))
    whole = found.overall(found.rate([2010]))[0]
    assert (whole.level, whole.stage, whole.areas_counted) == (None, None, 0)


def test_ends_cut_the_last_year() -> None:
    text = act("2026-07-01", "agreement.treaty", status="signed")
    row = criterion("x.1", select={"families": ["agreement"]}, measure="in_force", window=None)
    made = scale(area("x", [row]), levels=1)
    assert rater(made, [text]).rate_area(the_area(made), 2026).level == 0
    assert rater(made, [text], ends=date(2026, 7, 1)).rate_area(the_area(made), 2026).level == 1
