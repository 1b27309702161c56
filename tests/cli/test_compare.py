"""Pairs beside each other: the same levels as assess gives each, and what cannot be compared."""

import csv
import io

from milcoop.report.sections.phrases import chance, likelihood
from milcoop.workbench import Workbench
from tests.command import output, refusal, refused


def test_each_pair_has_the_level_that_assess_gives(workbench: Workbench) -> None:
    pairs = (("RUS", "CHN"), ("USA", "KOR"), ("IRN", "ISR"))
    text = output("compare", *pairs[0], "--with", *pairs[1], "--with", *pairs[2], "--year", "2015")
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    for pair in pairs:
        found = workbench.assess(workbench.dyad(*pair), from_year=2015, to_year=2015)
        assert found.dyad.id in rows["area"]
        column = rows["area"].index(found.dyad.id)
        for rating in found.ratings:
            told = rows[rating.area][column:].split("  ")[0]
            assert told.split()[0] == (rating.coverage.split()[0] if rating.level is None else str(rating.level))


def test_the_frame_holds_the_pairs_below_each_other() -> None:
    rows = list(csv.DictReader(io.StringIO(output("compare", "RUS", "CHN", "--with", "USA", "JPN", "--format", "csv"))))
    assert {r["dyad_id"] for r in rows} == {"CHN-RUS", "JPN-USA"}
    assert {r["year"] for r in rows} == {"2024"}


def test_what_cannot_be_compared() -> None:
    assert "found the pair CHN-RUS twice" in refusal("compare", "RUS", "CHN", "--with", "CHN", "RUS")
    assert "no year in which every pair has an overall level" in refused(
        "compare", "RUS", "CHN", "--with", "USA", "FRA"
    )
    assert "Missing option '--with'" in refused("compare", "RUS", "CHN")


def test_words_of_likelihood_are_bound_to_numbers() -> None:
    assert [likelihood(p) for p in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)] == [
        "almost no chance", "very unlikely", "unlikely", "roughly even", "likely", "very likely", "almost certain",
        "almost certain",
    ]  # fmt: skip
    assert [chance(p) for p in (0.0, 0.004, 0.5, 0.996, 1.0)] == ["under 1%", "under 1%", "50%", "over 99%", "over 99%"]
