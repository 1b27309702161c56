from datetime import date

from milcoop.domain.dates import PartialDate
from milcoop.domain.event import Citation, Quantity
from milcoop.domain.tables import EVENT_COLUMNS, FIGURE_COLUMNS, event_row, figure_row
from tests.truth.cases import act, cited, number


def test_a_quantity_prints_name_low_best_high_unit() -> None:
    assert str(Quantity("ships_CHN", None, 2.0, None, "ship")) == "ships_CHN=/2/ ship"
    assert str(Quantity("troops", 1500.0, 2000.0, 3000.5, "person")) == "troops=1500/2000/3000.5 person"


def test_a_large_quantity_is_printed_in_full() -> None:
    assert str(Quantity("value", 1234567.0, None, 2500000.0, "USD")) == "value=1234567//2500000 USD"


def test_a_citation_is_known_at_the_end_of_its_date_or_when_it_was_opened() -> None:
    dated = Citation("a", "https://example.org", "P", "T", PartialDate("2014-05"), "en", PartialDate("2020-01-01"))
    undated = Citation("a", "https://example.org", "P", "T", None, "en", PartialDate("2020-01-01"))
    assert (dated.known_by, undated.known_by) == (date(2014, 5, 31), date(2020, 1, 1))


def test_an_event_is_public_with_its_earliest_citation() -> None:
    event = act("2010-06", citations=(cited("a", "2010-07"), cited("b", "2010-07-02"), cited("c", "2011")))
    assert str(event.public_on) == "2010-07-02"


def test_values_of_fields_and_of_built_in_names() -> None:
    event = act("2010", "exercise.naval", series="joint", fields={"domain": ["sea", "air"]})
    assert event.values("domain") == ("sea", "air")
    assert event.values("series") == ("joint",)
    assert event.values("family") == ("exercise",)
    assert event.values("mechanism") == event.values("command") == ()


def test_rows_hold_exactly_the_columns_of_the_contract() -> None:
    event = act(
        "2010-06-01/2010-06-05",
        participants=("ARG", "BRA", "CHL"),
        direction="ARG>BRA",
        ordinals=(("ARG", 3), ("BRA", 2)),
        quantities=(Quantity("ships", 1.0, 2.0, 3.0, "ship"), Quantity("aircraft", None, 4.0, None, "aircraft")),
        citations=(cited("a"), cited("b", url="https://example.org/b;c")),
        fields={"domain": ["sea", "air"]},
        credibility=3,
    )
    row = event_row(event, areas=("exercises", "command"), lat=None, lon=None, place="", record_version="v")
    assert tuple(row) == EVENT_COLUMNS
    assert row["participants"] == "ARG;BRA;CHL"
    assert row["direction"] == "ARG>BRA"
    assert row["quantities"] == "ships=1/2/3 ship;aircraft=/4/ aircraft"
    assert row["ordinal"] == "ARG:3;BRA:2"
    assert row["source_urls"] == "https://example.org/a;https://example.org/b%3Bc"
    assert row["areas"] == "exercises;command"
    assert row["fields"] == "domain=sea,air"
    assert (row["date_start"], row["date_end"], row["date_precision"]) == ("2010-06-01", "2010-06-05", "day")
    assert tuple(figure_row(number("2010", best=3), record_version="v")) == FIGURE_COLUMNS
