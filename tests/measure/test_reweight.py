"""Draws of the latent model weighed for an edit: likelihoods by hand, against a new fit, and what it says when weights fail."""

from __future__ import annotations

import json
from dataclasses import replace
from math import exp, lgamma, log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from milcoop.domain.rerating import RELIABLE, Reweighting
from milcoop.measure.latent.fit import fit_panel
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec, SamplerSpec
from milcoop.measure.level_map import LevelCell, TraitPath
from milcoop.measure.record_panel import Answer
from milcoop.measure.reweight import weigh_draws
from milcoop.measure.saved import SavedDraws, keep_draws, read_bundled_draws, read_draws, write_draws
from milcoop.workbench import Workbench, open_workbench
from tests.command import output, refusal

UNIT = "A:x"


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return open_workbench()


def asked(item: str, value: int, year: int = 2000, exposure: float = 1.0, dyad: str = "A") -> Answer:
    return Answer(dyad, "x", year, item, value, exposure, ())


def saved(answers: tuple[Answer, ...] = (), draws: int = 2) -> SavedDraws:
    """Two draws of one unit over two years, with one item of each kind."""
    return SavedDraws(
        paths={UNIT: TraitPath(2000, np.array([[0.0, 1.0], [0.5, -1.0]]))},
        items=("yes", "grade", "acts"),
        kinds=("binary", "ordered", "count"),
        loading=np.array([[1.0, 2.0, 0.5], [1.5, 1.0, 1.0]]),
        cutpoints=(np.array([[0.2], [-0.1]]), np.array([[-1.0, 1.0], [0.0, 2.0]]), np.zeros((2, 0))),
        intercept=np.array([[0, 0, 0.3], [0, 0, -0.2]]),
        spread=np.array([[0, 0, 0.7], [0, 0, 0.4]]),
        answers=answers,
        cells=(LevelCell(UNIT, "x", 2001, 3),),
    )


def logistic(z: float) -> float:
    return 1 / (1 + exp(-z))


def test_the_likelihood_of_a_yes_and_of_a_middle_grade_by_hand() -> None:
    found = saved().log_likelihood([asked("yes", 1), asked("grade", 1, 2001)])
    first = log(logistic(0.0 - 0.2)) + log(logistic(1.0 - 2.0) - logistic(-1.0 - 2.0))
    second = log(logistic(0.75 + 0.1)) + log(logistic(2.0 + 1.0) - logistic(0.0 + 1.0))
    assert found == pytest.approx([first, second], rel=1e-6)
    assert saved().log_likelihood([asked("grade", 2, 2001)])[0] == pytest.approx(log(1 - logistic(1.0 - 2.0)))


def test_counts_are_negative_binomial_up_to_the_factorial() -> None:
    found = saved().log_likelihood([asked("acts", 3, 2001, exposure=0.5)])[0]
    size, rate = 1 / (0.7**2 + 1e-7), exp(0.5 * 1.0 + 0.3) * 0.5
    by_hand = lgamma(3 + size) - lgamma(size) + 3 * log(rate / size) - (3 + size) * log(1 + rate / size)
    assert found == pytest.approx(by_hand)


def test_weights_are_likelihood_ratios_of_what_changed_alone() -> None:
    held = asked("yes", 1), asked("acts", 2, 2001)
    same, said = weigh_draws(saved(held), {"A": held})
    assert same.tolist() == [0.5, 0.5]
    assert (said.changed, said.left_out, said.k_hat) == (0, 0, None)
    shares, said = weigh_draws(many(held), {"A": held[:1]})
    ratio = -many().log_likelihood([held[1]])
    assert np.log(shares[:2]) - np.log(shares[1]) == pytest.approx(ratio[:2] - ratio[1], abs=0.05)
    assert (said.changed, said.left_out) == (1, 0)


def many(answers: tuple[Answer, ...] = ()) -> SavedDraws:
    """Four hundred draws around nought, so that a tail can be smoothed."""
    rng = np.random.default_rng(3)
    one = saved(answers)
    state = 0.3 * rng.standard_normal((400, 2))
    every = {n: np.repeat(getattr(one, n)[:1], 400, axis=0) for n in ("loading", "intercept", "spread")}
    cuts = tuple(np.repeat(c[:1], 400, axis=0) for c in one.cutpoints)
    return replace(one, paths={UNIT: TraitPath(2000, state)}, cutpoints=cuts, **every)


def test_an_answer_that_the_fit_cannot_place_asks_for_a_new_fit() -> None:
    for odd in (asked("unheard", 1), asked("yes", 1, 1950)):
        _, said = weigh_draws(many(), {"A": (odd,)})
        assert said.left_out == 1
        assert "does not have" in said.why_not


def test_too_great_a_change_is_not_trusted() -> None:
    answers = tuple(asked("acts", 60, 2000) for _ in range(30))
    _, said = weigh_draws(many(), {"A": answers})
    assert said.k_hat is not None
    assert said.k_hat > RELIABLE
    assert not said.reliable


def test_weights_that_are_worth_few_draws_are_not_trusted() -> None:
    few, enough = Reweighting(3, 0, 0.5, 99.0), Reweighting(3, 0, 0.5, 100.0)
    assert (few.reliable, few.why_not) == (False, "worth 99 draws, fewer than 100")
    assert (enough.reliable, enough.why_not) == (True, "")


def test_weights_agree_with_a_new_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A panel, then the same with two answers of one unit taken away: the trait moves alike by weights and by a fit.

    All draws are kept: of five hundred, weights are worth some 150, whose mean may lie off by more than is asked here.
    """
    monkeypatch.setattr("milcoop.measure.saved.SAVED", 4000)
    rng = np.random.default_rng(5)
    names, years = [f"{d}:x" for d in "ABCDEF"], range(2000, 2008)
    trait = rng.standard_normal((6, 1)) + 0.2 * rng.standard_normal((6, 8)).cumsum(axis=1)
    rows = [(u, str(y), "acts", int(rng.poisson(np.exp(1 + trait[i, t])))) for i, u in enumerate(names) for t, y in enumerate(years)]  # fmt: skip
    rows += [(u, str(y), "yes", int(trait[i, t] > rng.logistic())) for i, u in enumerate(names) for t, y in enumerate(years)]  # fmt: skip
    spec = MeasureSpec(
        id="made", unit="unit", time="year", item="item", value="value", dynamics="random-walk",
        items={"acts": ItemSpec(kind="count"), "yes": ItemSpec(kind="binary")},
        sampler=SamplerSpec(chains=8, warmup=200, draws=500),
    )  # fmt: skip

    def mean_path(kept: list[tuple[str, str, str, int]]) -> tuple[SavedDraws, np.ndarray]:
        table = pd.DataFrame(kept, columns=["unit", "year", "item", "value"]).astype(str)
        _, design, draws = fit_panel(make_panel(table, spec), spec)
        answers = [Answer(u[0], "x", int(y), i, v, 1.0, ()) for u, y, i, v in kept]
        found = keep_draws(design, draws, answers, [])
        return found, draws.flat()["state"][:, 0].mean(axis=0)

    first, before = mean_path(rows)
    largest = sorted((r for r in rows if r[0] == "A:x" and r[2] == "acts"), key=lambda r: -r[3])[:2]
    kept = [r for r in rows if r not in largest]
    _, exact = mean_path(kept)
    shares, said = weigh_draws(
        first, {"A": [Answer("A", "x", int(y), i, v, 1.0, ()) for u, y, i, v in kept if u == "A:x"]}
    )
    weighed = shares @ first.paths["A:x"].draws
    assert said.reliable
    assert said.changed == 2
    assert np.abs(exact - before).max() > 0.15  # else nothing is tested
    assert weighed == pytest.approx(exact, abs=0.1)


def test_draws_are_read_as_written(tmp_path: Path) -> None:
    made = saved((asked("yes", 1), asked("acts", 4, 2001, 0.25)))
    write_draws(tmp_path / "d.npz", made, "digest")
    read, evidence = read_draws(tmp_path / "d.npz")
    assert evidence == "digest"
    assert (read.items, read.kinds, read.answers, read.cells) == (made.items, made.kinds, made.answers, made.cells)
    probe = [asked("grade", 1), asked("acts", 4, 2001, 0.25)]
    assert read.log_likelihood(probe) == pytest.approx(made.log_likelihood(probe), abs=1e-3)


def test_the_shipped_draws_belong_to_the_shipped_fit(workbench: Workbench) -> None:
    versions = workbench.record.version, workbench.codebook.rating_version
    found = read_bundled_draws("staged-7", *versions)
    assert found is not None
    assert read_bundled_draws("staged-7", "other", versions[1]) is None
    panel = workbench.record_panel()
    assert [a.unit for a in found.answers] == [a.unit for a in (*panel.answers, *panel.unused)]


def test_the_command_shows_probabilities_and_k_hat(workbench: Workbench) -> None:
    drill = next(e.id for e in workbench.record.of_dyad(workbench.dyad("RUS", "CHN")) if e.family == "exercise")
    found = json.loads(output("rerate", "RUS", "CHN", "--drop", drill, "--latent", "--all", "--format", "json"))
    assert found["route"] == "latent model"
    assert found["reweighting"]["reliable"]
    assert found["reweighting"]["answers_changed"] > 0
    shares = [c["after"]["probabilities"] for c in found["cells"] if c["after"]["probabilities"]]
    assert all(sum(s.values()) == pytest.approx(1, abs=1e-3) for s in shares)
    assert "k-hat" in output("rerate", "RUS", "CHN", "--drop", drill, "--latent")


def test_where_no_draws_ship_the_command_says_so() -> None:
    said = refusal("rerate", "RUS", "CHN", "--set", "scale.max_parties=3", "--latent", "--as-of", "2015")
    assert "draws of the latent model ship" in said
    nobody = refusal("rerate", "USA", "FRA", "--set", "scale.max_parties=3", "--latent")
    assert "has no log of searches" in nobody
    assert "found --latent beside --intervals" in refusal(
        "rerate", "RUS", "CHN", "--set", "scale.max_parties=3", "--latent", "--intervals"
    )
