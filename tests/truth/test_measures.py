"""Every measure of a criterion against values counted by hand."""

from datetime import date

import pytest

from tests.truth.cases import act, criterion, evidence, number

YEAR_END = date(2010, 12, 31)


def year_end(year: int) -> date:
    return date(year, 12, 31)


def test_events_count_acts_that_touch_the_window() -> None:
    acts = [act("2005"), act("2005-11/2006-02"), act("2008-05-20"), act("2010-12-30/2011-01-02"), act("2011")]
    found = evidence(criterion(), acts)
    # the window 2006-2010 touches the second, third and fourth
    assert found.value(YEAR_END, 5) == 3
    assert found.deciding(YEAR_END, 5) == ("act-2005-11-to-2006-02", "act-2008-05-20", "act-2010-12-30-to-2011-01-02")
    assert found.value(YEAR_END, 6) == 4
    assert found.value(year_end(2011), 1) == 2
    assert found.value(year_end(2004), 5) == 0


@pytest.mark.parametrize(("per_year", "expected"), [(1, 4), (2, 2), (3, 1), (4, 0)])
def test_years_count_years_with_enough_acts(per_year: int, expected: int) -> None:
    acts = [act("2006", id_="a"), act("2007", id_="b"), act("2007-08", id_="c"), act("2009-12/2010-01", id_="d")]
    acts += [act("2010-02", id_="e"), act("2010-03", id_="f"), act("2005", id_="g"), act("2011", id_="h")]
    # 2006 one, 2007 two, 2008 none, 2009 one, 2010 three
    found = evidence(criterion(measure="years", per_year=per_year), acts)
    assert found.value(YEAR_END, 5) == expected


@pytest.mark.parametrize(("years_each", "expected"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_groups_count_values_kept_up(years_each: int, expected: int) -> None:
    acts = [
        act("2006", id_="a", fields={"domain": ["sea", "air"]}),
        act("2007", id_="b", fields={"domain": ["sea"]}),
        act("2007-02", id_="c", fields={"domain": ["sea"]}),
        act("2009", id_="d", fields={"domain": ["sea"]}),
        act("2010", id_="e", fields={"domain": ["air", "land"]}),
        act("2010-05", id_="f"),
    ]
    # sea 2006, 2007, 2009; air 2006, 2010; land 2010; the last act's domain is unknown and forms no group
    found = evidence(criterion(measure="groups", by="domain", years_each=years_each), acts)
    assert found.value(YEAR_END, 5) == expected


def test_groups_by_mechanism() -> None:
    acts = [act("2009", "consultation.ministers", id_="a", mechanism="m"), act("2010", "consultation.staffs", id_="b")]
    row = criterion(select={"families": ["consultation"]}, measure="groups", by="mechanism")
    assert evidence(row, acts).value(YEAR_END, 5) == 1


IN_FORCE = criterion(select={"families": ["agreement"]}, measure="in_force", window=None)


@pytest.mark.parametrize(
    ("text", "on", "expected"),
    [
        (act("2001-07-16", "agreement.treaty", status="in-force"), date(2001, 7, 15), 0),
        (act("2001-07-16", "agreement.treaty", status="in-force"), date(2001, 7, 16), 1),
        (act("2001-07-16", "agreement.treaty", status="in-force"), date(2099, 1, 1), 1),
        (
            act("2001-07-16", "agreement.treaty", status="signed", fields={"in_force_from": ["2002-02-28"]}),
            date(2002, 2, 27),
            0,
        ),
        (
            act("2001-07-16", "agreement.treaty", status="signed", fields={"in_force_from": ["2002-02-28"]}),
            date(2002, 2, 28),
            1,
        ),
        (act("2001", "agreement.treaty", status="signed", fields={"in_force_to": ["2005"]}), date(2005, 12, 31), 1),
        (act("2001", "agreement.treaty", status="signed", fields={"in_force_to": ["2005"]}), date(2006, 1, 1), 0),
        (act("2001", "agreement.treaty", status="expired", history=[("expired", "2006-03")]), date(2006, 3, 1), 1),
        (act("2001", "agreement.treaty", status="expired", history=[("expired", "2006-03")]), date(2006, 3, 2), 0),
        (act("2001", "agreement.treaty", status="signed", history=[("terminated", "2004")]), date(2004, 6, 1), 0),
        (act("2001", "agreement.treaty", status="announced"), date(2004, 6, 1), 0),
        (act("2001", "agreement.treaty", status="alleged"), date(2004, 6, 1), 0),
        (act("2001", "policy.mutual-defence", status="signed"), date(2004, 6, 1), 0),
    ],
)
def test_in_force_from_the_act_to_its_end(text: object, on: date, expected: int) -> None:
    assert evidence(IN_FORCE, [text]).value(on, None) == expected  # type: ignore[list-item]


def test_in_force_names_the_texts_that_hold() -> None:
    texts = [
        act("2001", "agreement.treaty", id_="old", status="signed", fields={"in_force_to": ["2005"]}),
        act("2003", "agreement.memorandum", id_="new", status="signed"),
    ]
    found = evidence(IN_FORCE, texts)
    assert found.value(date(2004, 1, 1), None) == 2
    assert found.deciding(date(2006, 1, 1), None) == ("new",)


def test_groups_in_force_counts_kinds_not_texts() -> None:
    texts = [
        act("2001", "confidence.hotline", id_="a", status="signed"),
        act("2002", "confidence.hotline", id_="b", status="signed"),
        act("2003", "confidence.notification", id_="c", status="signed"),
        act("2004", "confidence.force-limit", id_="d", status="signed", fields={"in_force_to": ["2005"]}),
    ]
    row = criterion(select={"families": ["confidence"]}, measure="groups_in_force", by="type", window=None)
    found = evidence(row, texts)
    assert [found.value(date(year, 6, 1), None) for year in (2000, 2001, 2002, 2003, 2004, 2006)] == [0, 1, 1, 2, 3, 2]


def test_figure_is_the_largest_value_that_touches_the_window() -> None:
    figures = [
        number("2000/2005", best=90),
        number("2006", best=20, low=10, high=80),
        number("2008/2012", low=35),
        number("2009", high=25),
        number("2011", best=99),
    ]
    row = criterion(select=None, figure={"names": ["share"]}, measure="figure", at_least=30)
    found = evidence(row, figures=figures)
    assert found.value(YEAR_END, 5) == 35
    assert found.deciding(YEAR_END, 5) == ("figure-2006", "figure-2008-to-2012", "figure-2009")
    assert found.value(YEAR_END, 6) == 90
    assert found.value(year_end(2006), 1) == 20
    assert evidence(criterion(select=None, figure={"names": ["other"]}, measure="figure"), figures=figures).value(
        YEAR_END, 5
    ) == pytest.approx(0)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, ["a", "b", "d", "g"]),
        ({"families": ["exercise"]}, ["a", "b"]),
        ({"types": ["exercise.naval"]}, ["a"]),
        ({"types_not": ["exercise.naval"]}, ["b", "d", "g"]),
        ({"where": {"command": ["combined", "coordinated"]}}, ["a"]),
        ({"where": {"command": ["parallel"]}}, ["b"]),
        ({"where": {"command": ["combined"], "live_fire": ["yes"]}}, []),
        ({"has": "mechanism"}, ["g"]),
        ({"has": "command"}, ["a", "b"]),
        ({"families": ["exercise"], "any_parties": True}, ["a", "b", "c", "e"]),
        ({"statuses": ["cancelled"]}, ["f"]),
        ({"any": [{"types": ["exercise.naval"]}, {"where": {"command": ["parallel"]}}]}, ["a", "b"]),
        ({"families": ["operation"], "any": [{"types": ["exercise.naval"]}]}, []),
    ],
)
def test_selection_by_hand(selection: dict[str, object], expected: list[str]) -> None:
    six = ("ARG", "BRA", "CHL", "PER", "URY", "VEN")
    acts = [
        act("2010-01", "exercise.naval", id_="a", fields={"command": ["combined"]}),
        act("2010-02", "exercise.land", id_="b", fields={"command": ["parallel"], "live_fire": ["yes"]}),
        act("2010-03", "exercise.land", id_="c", participants=six),
        act("2010-04", "operation.escort", id_="d"),
        act("2010-05", "exercise.air", id_="e", fields={"n_parties": ["6"]}),
        act("2010-06", "exercise.air", id_="f", status="cancelled"),
        act("2010-07", "consultation.ministers", id_="g", participants=six, mechanism="m"),
    ]
    assert list(evidence(criterion(select=selection), acts).deciding(YEAR_END, 1)) == expected
