"""Published totals under their own rules: counts by hand, reasons, gaps; completeness by official numbers."""

from pathlib import Path

from milcoop.record.expected import find_numbered, find_rhythms
from milcoop.workbench import open_workbench
from tests.command import output, refusal
from tests.layer import event_row, write_layer

TOTAL = {
    "id": "planted-total",
    "publisher": "Example",
    "dyad": ["ARG", "BRA"],
    "period": "2010",
    "best": 1,
    "stated": "Bilateral exercises of 2010.",
    "rule": {"families": ["exercise"], "types_not": ["exercise.competition"], "parties_at_most": 2},
    "citation": {
        "url": "https://example.org/t", "publisher": "Example", "title": "T", "date": "2011", "language": "en",
        "accessed": "2026-11-22",
    },
}  # fmt: skip
EVENTS = [
    event_row(id="two", title="Two states", date="2010-02-01"),
    event_row(id="three", title="Three states alone", participants=["ARG", "BRA", "URY"], date="2010-03-01"),
    event_row(id="games", title="Games", type="exercise.competition", date="2010-04-01"),
    event_row(id="patrol", title="Patrol", type="operation.naval-patrol", date="2010-05-01"),
    event_row(id="planned", title="Only planned", status="announced", date="2010-12-01"),
    event_row(id="before", title="Earlier", date="2009-12-31"),
]


def test_counts_and_reasons_by_hand(tmp_path: Path) -> None:
    write_layer(tmp_path, events=EVENTS, codebook={"totals/planted.yaml": TOTAL})
    workbench = open_workbench(tmp_path)
    (found,) = workbench.reconcile(workbench.dyad("ARG", "BRA"))
    assert found.ours == ("two",)
    assert found.difference == 0
    assert found.outside == {
        "exercise.competition": ("games",),
        "more than 2 parties": ("three",),
        "operation.naval-patrol": ("patrol",),
        "status announced": ("planned",),
    }


def test_the_published_totals_of_the_first_dyad(tmp_path: Path) -> None:
    text = output("reconcile", "RUS", "CHN")
    assert "ndu-2022" in text
    one = output("reconcile", "RUS", "CHN", "--id", "ndu-2022")
    assert "vostok-2022" in one
    assert "Ours outside the rule, operation.air-patrol: 2" in one
    assert "expected one of ndu-2022" in refusal("reconcile", "CHN", "RUS", "--id", "ndu-2202")


def test_missing_numbers(tmp_path: Path) -> None:
    rounds = [
        event_row(id=f"r{n}", title=f"Round {n}", type="exercise.naval", series="joint-sea", ordinal=n, date=f"201{n}")
        for n in (1, 2, 5)
    ]
    write_layer(tmp_path, events=rounds)
    workbench = open_workbench(tmp_path)
    (found,) = find_numbered(workbench.events(workbench.dyad("ARG", "BRA")))
    assert (found.class_id, found.found, found.expected, found.missing) == ("joint-sea", (1, 2, 5), 5, (3, 4))
    assert found.missing_between == ((3, 4, 2012, 2015),)
    (rhythm,) = find_rhythms(
        workbench.events(workbench.dyad("ARG", "BRA")), workbench.codebook.series, range(2010, 2015)
    )
    assert (rhythm.found, rhythm.expected, rhythm.missing, rhythm.period) == ((2012,), 3, (2013, 2014), (2012, 2014))
    text = output("validate", "--completeness", "--dyad", "RUS", "CHN")
    assert "strategic-security-consultation" in text
    assert "KOR-USA" not in text
