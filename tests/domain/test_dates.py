from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milcoop.domain.dates import PRECISIONS, parse_date, parse_when


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2014", "year", date(2014, 1, 1), date(2014, 12, 31)),
        ("2016-02", "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-12", "month", date(2015, 12, 1), date(2015, 12, 31)),
        ("2014-05-20", "day", date(2014, 5, 20), date(2014, 5, 20)),
        ("9999-12", "month", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, precision: str, first: date, last: date) -> None:
    found = parse_date(text)
    assert (found.precision, found.first_day, found.last_day, str(found)) == (precision, first, last, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14",
        "20144",
        "2014-13",
        "2014-00",
        "2014-02-30",
        "2014-5",
        "2014/05",
        "0000",
        "May 2014",
        "2014-05-20T10:00",
    ],
)
def test_what_is_no_date_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected YYYY, YYYY-MM or YYYY-MM-DD"):
        parse_date(text)


def test_span_open_end_and_reversed_span() -> None:
    span = parse_when("2010-08/2010-08-26")
    assert (span.first_day, span.last_day, span.precision) == (date(2010, 8, 1), date(2010, 8, 26), "month")
    assert span.last_day_of_start == date(2010, 8, 31)
    assert list(parse_when("2009-12/2011-01").years) == [2009, 2010, 2011]
    assert str(parse_when("2010")) == "2010"
    with pytest.raises(ValueError, match="ends before it begins"):
        parse_when("2010-08-26/2010-08-20")


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_coarser_dates_hold_the_finer_ones(day: date) -> None:
    texts = {"year": f"{day:%Y}", "month": f"{day:%Y-%m}", "day": day.isoformat()}
    for precision in PRECISIONS:
        found = parse_date(texts[precision])
        assert found.precision == precision
        assert found.first_day <= day <= found.last_day
        assert parse_date(str(found.first_day)).first_day == found.first_day
    following = parse_date(texts["month"]).last_day + timedelta(days=1)
    assert following.day == 1


@given(st.dates(min_value=date(1816, 1, 1)), st.dates(min_value=date(1816, 1, 1)))
def test_a_span_is_read_exactly_when_it_does_not_run_backwards(a: date, b: date) -> None:
    text = f"{a}/{b}"
    if b < a:
        with pytest.raises(ValueError, match="ends before it begins"):
            parse_when(text)
    else:
        found = parse_when(text)
        assert (found.first_day, found.last_day) == (a, b)
        assert str(found) == (text if a != b else str(a))
