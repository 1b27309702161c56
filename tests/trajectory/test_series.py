"""Series, changes and spells against values worked out by hand."""

from milcoop.domain.rating import OverallRating, Rating
from milcoop.trajectory.series import change_over_window, count_by_family_year, spells_of_level
from tests.truth.cases import act


def rating(area: str, year: int, level: int | None) -> Rating:
    coverage = "not monitored" if level is None else "monitored"
    return Rating(f"ARG-BRA:{area}:{year}", area, year, f"{year}-12-31", level, "", coverage, None, None, (), (), ())


def test_acts_by_family_and_year_of_their_start() -> None:
    acts = [
        act("2009-12/2010-01", id_="a"),
        act("2010", id_="b"),
        act("2010-05", "operation.escort", id_="c"),
        act("2012", id_="d"),
    ]
    counts = {(c.family, c.year): (c.n, c.events) for c in count_by_family_year(acts, [2009, 2010, 2011])}
    assert counts == {
        ("exercise", 2009): (1, ("a",)),
        ("exercise", 2010): (1, ("b",)),
        ("exercise", 2011): (0, ()),
        ("operation", 2009): (0, ()),
        ("operation", 2010): (1, ("c",)),
        ("operation", 2011): (0, ()),
    }


def test_change_and_change_against_the_whole() -> None:
    ratings = [rating("x", 2010, 1), rating("x", 2020, 4), rating("y", 2010, None), rating("y", 2020, 2)]
    whole = [OverallRating(2010, 2, "early", 5), OverallRating(2020, 2.5, "early", 6)]
    overall, x, y = change_over_window(ratings, whole, 2010, 2020)
    assert (overall.area, overall.before, overall.after, overall.change, overall.against_whole) == (
        "overall", 2, 2.5, 0.5, None,
    )  # fmt: skip
    assert (x.before, x.after, x.change, x.against_whole) == (1, 4, 3, 2.5)
    assert (y.before, y.after, y.change, y.against_whole) == (None, 2, None, None)


def test_change_against_no_whole() -> None:
    ratings = [rating("x", 2010, 3), rating("x", 2020, 3)]
    whole = [OverallRating(2010, None, None, 2), OverallRating(2020, 3, None, 6)]
    assert [(c.change, c.against_whole) for c in change_over_window(ratings, whole, 2010, 2020)] == [
        (None, None),
        (0, None),
    ]


def test_spells_break_where_the_level_or_the_years_break() -> None:
    series = [(2000, 1), (2001, 1), (2002, None), (2003, 1), (2004, 2.5), (2005, 2.5), (2007, 2.5)]
    assert [(s.level, s.from_year, s.to_year) for s in spells_of_level(series, "x")] == [
        (1, 2000, 2001),
        (None, 2002, 2002),
        (1, 2003, 2003),
        (2.5, 2004, 2005),
        (2.5, 2007, 2007),
    ]
