"""Lulls: none in flat series, likelihoods by hand, planted pairs whose cause is known."""

import json
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from milcoop.codebook.loader import bundled_folder
from milcoop.codebook.lull_rule import LullRule
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.lull import Lull
from milcoop.trajectory.lull_readings import Counted, detection_of, log_likelihood, log_probability, reporting_change
from milcoop.trajectory.lull_scan import scan_lulls
from milcoop.workbench import Workbench, open_workbench
from tests.command import output, refusal, run
from tests.layer import citation, event_row, search_row, write_layer

FAMILIES = ["exercise", "operation", "consultation", "policy", "statement", "transfer", "basing", "education"]
YEARS = range(2001, 2013)
LULL = (2006, 2007)
PANDEMIC = {
    "id": "planted-shock",
    "label": {"en": "Planted shock", "ru": "Придуманный шок", "zh": "虚构冲击"},
    "start": "2006",
    "end": "2007",
    "hits": {"families": ["exercise", "operation"]},
    "why": "planted",
    "citations": [{"url": "https://example.org", "publisher": "E", "title": "t", "date": None, "language": "en", "accessed": "2026-11-22"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def rule(workbench: Workbench) -> LullRule:
    return workbench.codebook.lulls["lull"]


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_probability_by_hand() -> None:
    # mean 2, variance 2 + 4 / (3.5 + 0.5) = 3, so size 4 and chance of success 4/6
    assert exp(log_probability(0, 2, 3.5, 1)) == pytest.approx((2 / 3) ** 4)
    assert exp(log_probability(1, 2, 3.5, 1)) == pytest.approx(4 * (2 / 3) ** 4 / 3)
    assert sum(exp(log_probability(k, 2, 3.5, 1)) for k in range(200)) == pytest.approx(1)


def test_likelihood_ratio_by_hand() -> None:
    """Expected 2 from a base of 3.5 at a share of 4/7: ratio 1 has mean 2, size 4; ratio 0.5 has mean 1, size 4."""
    line = Counted("cheap", "", 0, 3.5, 4 / 7, 1.0)
    held, fell = (log_likelihood(line, (r,), 1) for r in (1.0, 0.5))
    assert exp(held) == pytest.approx((4 / 6) ** 4)
    assert exp(fell) == pytest.approx((4 / 5) ** 4)
    assert exp(fell - held) == pytest.approx((6 / 5) ** 4)
    # picked for being at most one: divided by the chance of nought or one
    at_most_one = (4 / 6) ** 4 + 4 * (4 / 6) ** 4 / 3
    assert exp(log_likelihood(line, (1.0,), 1, picked=1)) == pytest.approx((4 / 6) ** 4 / at_most_one)
    # a mean over ratios, and half the reporting halves the mean
    assert exp(log_likelihood(line, (1.0, 0.5), 1)) == pytest.approx(((4 / 6) ** 4 + (4 / 5) ** 4) / 2)
    less = Counted("cheap", "", 0, 3.5, 4 / 7, 0.5)
    assert log_likelihood(less, (1.0,), 1) == pytest.approx(fell)


def test_detection_by_hand(rule: LullRule) -> None:
    assert detection_of(1 / (1 - exp(-1))) == pytest.approx(1 - exp(-1))
    assert detection_of(1) == 0
    # a quarter of the queries, pages per act unchanged: half
    assert reporting_change((1, 4), (20, 40), (10, 20), rule) == pytest.approx(0.5)
    # more queries and more pages are no more than no change
    assert reporting_change((8, 4), (40, 40), (10, 20), rule) == 1
    # pages per act fall from 2 to (10 + 4 x 2) / (10 + 4)
    told = detection_of(18 / 14) / detection_of(2)
    assert reporting_change((4, 4), (10, 40), (10, 20), rule) == pytest.approx(told)


# --- the scan ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "spread"), [(3, 1.0), (6, 1.0), (6, 2.0)])
def test_a_flat_series_has_no_lull(rule: LullRule, rate: float, spread: float) -> None:
    rng, few = np.random.default_rng(4), rule.model_copy(update={"simulations": 200})
    called = 0
    for i in range(100):
        mean = np.full(240, rate / 12)
        counts = rng.poisson(mean) if spread == 1 else rng.negative_binomial(mean / (spread - 1), 1 / spread)
        called += bool(scan_lulls([counts.astype(float)], few, i).windows)
    assert called <= 10


def test_a_rise_is_no_lull_and_a_decline_is_none(rule: LullRule) -> None:
    few = rule.model_copy(update={"simulations": 200})
    low, high = np.tile([1.0] + [0.0] * 5, 20), np.tile([3.0], 120)
    assert scan_lulls([np.concatenate([low, high])], few, 1).windows == ()


def test_two_quiet_years_between_busy_ones_are_a_lull(rule: LullRule) -> None:
    rng = np.random.default_rng(8)
    found = 0
    for i in range(50):
        counts = rng.poisson(np.concatenate([np.full(120, 10 / 12), np.full(24, 2 / 12), np.full(96, 10 / 12)])).astype(
            float
        )
        windows = scan_lulls([counts], rule.model_copy(update={"simulations": 200}), i).windows
        found += any(w.start < 144 and w.start + w.length > 120 for w in windows)
    assert found >= 35


# --- planted pairs -----------------------------------------------------------------------------------------------------


def acts(kind: str, a: str, b: str, year: int, n: int, pages: int = 2) -> list[dict[str, Any]]:
    """Acts of a type of two states, spread over a year's months, each with some pages."""
    return [
        event_row(
            id=f"{kind.replace('.', '-')}-{a.lower()}-{b.lower()}-{year}-{k}", type=kind, participants=[a, b],
            title=f"{kind} {year} {k}", date=f"{year}-{1 + 12 * k // n:02d}-15",
            direction=f"{a}>{b}" if kind.startswith("transfer") else None,
            citations={f"c{i}": citation(url=f"https://example.org/{kind}/{a}/{b}/{year}/{k}/{i}") for i in range(pages)},
        )
        for k in range(n)
    ]  # fmt: skip


def planted(
    folder: Path, *, cheap: int = 8, costly: int = 4, partners: int = 5, monitored: bool = True, queries: int = 12,
    pages: int = 2, joint: int = 1, shock: bool = True,
) -> Workbench:  # fmt: skip
    """Argentina and Brazil with ten exercises a year, eight talks and four deliveries, five exercises of each with another.

    The arguments say how many there are in each of the two years of the lull.
    """
    events: list[dict[str, Any]] = []
    searches: list[dict[str, Any]] = []
    for year in YEARS:
        low = year in LULL
        told = pages if low else 2
        events += acts("exercise.naval", "ARG", "BRA", year, joint if low else 10, told)
        events += acts("consultation.working-level", "ARG", "BRA", year, cheap if low else 8, told)
        events += acts("transfer.delivery", "ARG", "BRA", year, costly if low else 4, told)
        if not low:
            pages_of_it = {"a": citation(), "b": citation(url="https://example.org/other")}
            three = event_row(
                id=f"three-{year}",
                title="Of three",
                date=f"{year}-06-15",
                participants=["ARG", "BRA", "CHL"],
                citations=pages_of_it,
            )
            events.append(three)
        for state in ("ARG", "BRA"):
            events += acts("exercise.land", state, "CHL", year, partners if low else 5)
        for k in range(queries if low else 12):
            language = ("en", "pt", "es")[k % 3]
            searches.append(search_row(f"{year}-{k}", language, families=FAMILIES, years=str(year)))  # type: ignore[arg-type]
        if monitored:
            for state in ("ARG", "BRA"):
                for k, language in enumerate(("en", "pt", "es")):
                    searches.append(
                        search_row(
                            f"{state}-{year}-{k}".lower(),
                            language,
                            dyad=[state, "CHL"],
                            families=FAMILIES,
                            years=str(year),
                        )  # type: ignore[arg-type]
                    )
    write_layer(
        folder, events=events, searches=searches, codebook={"shocks/planted.yaml": [PANDEMIC]} if shock else None
    )
    return open_workbench(folder)


def only_lull(workbench: Workbench) -> Lull:
    (lull,) = workbench.lulls(workbench.dyad("ARG", "BRA")).lulls
    assert lull.start <= "2006-06"
    assert lull.end >= "2007-06"
    return lull


def test_circumstances(tmp_path: Path) -> None:
    lull = only_lull(planted(tmp_path, partners=1))
    assert lull.answer == "circumstances"
    assert lull.shocks == ("planted-shock",)
    lines = {x.id: x for x in lull.lines}
    assert set(lines) == {"joint", "cheap", "costly hit", "costly spared", "partners ARG", "partners BRA"}
    assert lines["partners ARG"].note == "ARG-CHL"
    assert sum(lull.posterior.values()) == pytest.approx(1)


def test_will(tmp_path: Path) -> None:
    assert only_lull(planted(tmp_path, cheap=1, costly=1)).answer == "will"


def test_both(tmp_path: Path) -> None:
    assert only_lull(planted(tmp_path, cheap=1, costly=0, partners=0)).answer == "both"


def test_fewer_queries_and_pages_are_no_real_lull(tmp_path: Path) -> None:
    lull = only_lull(planted(tmp_path, joint=3, cheap=3, costly=2, queries=3, pages=1))
    assert all(x.reporting < 0.6 for x in lull.lines if x.id in ("joint", "cheap", "costly spared"))
    assert lull.posterior["no real lull"] > lull.posterior["will"]
    assert lull.answer == "no real lull"


def test_one_cannot_tell_without_controls(tmp_path: Path) -> None:
    """Partners that nobody searched, half as many talks: no reading stands four to one."""
    lull = only_lull(planted(tmp_path, cheap=5, costly=2, monitored=False, shock=False))
    assert lull.answer == CANNOT_TELL
    assert [x.why_not for x in lull.lines if x.id.startswith("partners")] == ["not monitored", "not monitored"]
    assert any("of ARG with others (not monitored)" in text for text in lull.tell_apart) or lull.tell_apart


def test_a_partner_is_a_control_only_where_it_was_searched(tmp_path: Path) -> None:
    """The same acts without a log of searches are no evidence."""
    searched = only_lull(planted(tmp_path / "a", partners=1))
    unsearched = only_lull(planted(tmp_path / "b", partners=1, monitored=False))
    known = {x.id: x for x in searched.lines}["partners BRA"]
    unknown = {x.id: x for x in unsearched.lines}["partners BRA"]
    assert known.log_likelihoods
    assert unknown.log_likelihoods == {}
    assert unknown.events == ()


def test_acts_with_both_states_are_no_control(tmp_path: Path) -> None:
    workbench = planted(tmp_path, partners=1)
    with_both = {e.id for e in workbench.record.events if {"ARG", "BRA"} <= set(e.participants)}
    for line in only_lull(workbench).lines:
        if line.id.startswith("partners"):
            assert not with_both & {*line.events, *line.base_events}


def test_each_act_is_in_one_line(tmp_path: Path) -> None:
    lull = only_lull(planted(tmp_path))
    ids = [i for x in lull.lines for i in x.events]
    assert len(ids) == len(set(ids))


def test_a_shock_that_lasts_through_the_base_explains_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "long"
    planted(folder)
    write_layer(folder, codebook={"shocks/planted.yaml": [PANDEMIC | {"start": "1990", "end": None}]})
    workbench = open_workbench(folder)
    lull = only_lull(workbench)
    assert lull.shocks == ()
    assert lull.priors["circumstances"] == 0.1


def test_posterior_is_prior_times_likelihood(tmp_path: Path, rule: LullRule) -> None:
    lull = only_lull(planted(tmp_path))
    logs = {
        r: log(p) + sum(x.log_likelihoods[r] for x in lull.lines if x.log_likelihoods) for r, p in lull.priors.items()
    }
    total = sum(exp(v) for v in logs.values())
    assert {r: exp(v) / total for r, v in logs.items()} == pytest.approx(lull.posterior)
    first, second = "circumstances", "will"
    assert log(lull.likelihood_ratio(first, second)) == pytest.approx(logs[first] - logs[second])
    assert set(lull.posterior) == {r.id for r in rule.readings}


# --- the command -------------------------------------------------------------------------------------------------------


def test_the_command(tmp_path: Path) -> None:
    planted(tmp_path, partners=1)
    found = json.loads(output("trajectory", "ARG", "BRA", "--lulls", "--record", tmp_path, "--format", "json"))
    (lull,) = found["lulls"]
    assert lull["answer"] == "circumstances"
    assert {x["line"] for x in lull["lines"]} >= {"joint", "cheap", "partners ARG"}
    text = output("trajectory", "ARG", "BRA", "--lulls", "--record", tmp_path)
    assert "answer: circumstances" in text
    assert "planted-shock" in text


def test_a_pair_that_nobody_searched_and_an_unknown_area() -> None:
    assert "Not looked for: no unbroken run of 36 monitored months" in output("trajectory", "USA", "FRA", "--lulls")
    assert "found area 'exercise', expected one of" in refusal(
        "trajectory", "RUS", "CHN", "--lulls", "--area", "exercise"
    )


def test_a_shock_with_wrong_dates_and_priors_that_do_not_sum_are_found(tmp_path: Path) -> None:
    write_layer(tmp_path / "a", codebook={"shocks/planted.yaml": [PANDEMIC | {"start": "2020-13"}]})
    assert "month must be in 1..12" in refusal("trajectory", "ARG", "BRA", "--lulls", "--record", tmp_path / "a")
    bundled = yaml.safe_load((bundled_folder() / "lulls" / "lull.yaml").read_text("utf-8"))
    bundled["readings"][0]["prior"] = 0.9
    shock = PANDEMIC | {"hits": {"families": ["exercice"]}, "end": "2005"}
    write_layer(tmp_path / "b", codebook={"lulls/lull.yaml": bundled, "shocks/planted.yaml": [shock]})
    done = run("validate", "--record", tmp_path / "b")
    assert done.returncode == 1
    for said in (
        "'prior' of the readings must sum to one",
        "selects unknown family 'exercice'",
        "ends before it begins",
    ):
        assert said in done.stdout
