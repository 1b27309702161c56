"""From trait to levels: a case worked by hand, gradients, unseen levels, and calibration on simulated pairs."""

from collections.abc import Sequence

import numpy as np
import pytest

from milcoop.codebook.latent_rule import LevelMapRule
from milcoop.codebook.loader import load_codebook
from milcoop.domain.estimate import LevelEstimate
from milcoop.measure.growth import compare_growth
from milcoop.measure.level_map import (
    AreaMap,
    LevelCell,
    LevelMap,
    TraitPath,
    _Posterior,
    _unpack,
    draw_levels,
    fit_level_map,
)
from milcoop.workbench import Workbench

RULE = load_codebook().latent["latent"].levels
TOP = 5


def logistic(z: float) -> float:
    return 1 / (1 + np.exp(-z))


def certain(area: str, slope: float, bounds: Sequence[float]) -> AreaMap:
    """A map whose parameters are known."""
    mode = np.array([np.log(slope), bounds[len(bounds) // 2], *np.log(np.diff(bounds))])
    return AreaMap(area, mode, np.zeros((len(mode), len(mode))), 1, (), np.zeros(1), np.ones(1))


def rule(**more: float) -> LevelMapRule:
    return RULE.model_copy(update=more)


def test_trailing_means_by_hand() -> None:
    path = TraitPath(2000, np.array([[3.0, 6.0, 0.0, 9.0]]))
    assert path.trailing(3).draws.tolist() == [[3.0, 4.5, 3.0, 5.0]]
    assert path.trailing(1).draws.tolist() == path.draws.tolist()
    assert path.trailing(3).years == range(2000, 2004)


def test_probabilities_by_hand() -> None:
    known = certain("x", 2.0, [-1.0, 0.0, 0.5, 1.0, 2.0])
    found = known.at_least(np.array([[0.25]]))[0, 0]
    assert found == pytest.approx([logistic(2.5), logistic(0.5), logistic(-0.5), logistic(-1.5), logistic(-3.5)])
    slope, bounds = _unpack(known.mode[None])
    assert slope == pytest.approx([2.0])
    assert bounds[0] == pytest.approx([-1.0, 0.0, 0.5, 1.0, 2.0])
    path = TraitPath(2000, np.full((1, 1), 0.25))
    assert LevelMap({"x": known}, 1, 1).expected("x", path)[0, 0] == pytest.approx(found.sum())


def test_the_log_posterior_of_two_cells_by_hand() -> None:
    """One boundary: log of the mean over two draws of the chance of the level, times its weight, and the normal priors."""
    even = np.array([0.5, 0.5])
    posterior = _Posterior(np.array([[0.0, 1.0], [2.0, 1.0]]), even, np.array([1, 0]), np.array([1.0, 0.5]), 1, RULE)
    u = np.array([np.log(2.0), 0.5])
    high = (logistic(2 * (0 - 0.5)) + logistic(2 * (2 - 0.5))) / 2
    low = 1 - logistic(2 * (1 - 0.5))
    prior = -0.5 * ((np.log(2) - np.log(RULE.slope)) / RULE.slope_sd) ** 2 - 0.5 * (0.5 / RULE.middle_sd) ** 2
    assert posterior(u)[0] == pytest.approx(np.log(high) + 0.5 * np.log(low) + prior)


def test_the_gradient_is_that_of_the_value() -> None:
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(np.ones(7))
    trait, levels, weights = rng.normal(size=(7, 40)), rng.integers(0, TOP + 1, 40), rng.uniform(0.2, 1, 40)
    posterior = _Posterior(trait, shares, levels, weights, TOP, RULE)
    u = rng.normal(size=TOP + 1) * 0.3
    steps = [(posterior(u + 1e-5 * e)[0] - posterior(u - 1e-5 * e)[0]) / 2e-5 for e in np.eye(TOP + 1)]
    assert posterior(u)[1] == pytest.approx(steps, abs=1e-5)


def simulate(
    rng: np.random.Generator, pairs: int, years: int, noise: float, truth: AreaMap
) -> tuple[dict[str, TraitPath], list[LevelCell]]:
    """Pairs with a walking trait, its posterior draws given noisy items, and levels from the truth."""
    paths, cells = {}, []
    for i in range(pairs):
        theta = rng.normal(0, 1.2) + np.cumsum(rng.normal(0, 0.25, years))
        seen = theta + rng.normal(0, noise, years)
        spread = rng.normal(0, noise, (200, years))
        paths[f"p{i}:x"] = TraitPath(2000, seen + spread)
        drawn = (truth.at_least(theta[None])[0] > rng.random((years, 1))).sum(axis=1)
        cells += [LevelCell(f"p{i}:x", "x", 2000 + t, int(drawn[t])) for t in range(years)]
    return paths, cells


def estimate(level_map: LevelMap, path: TraitPath, year: int) -> LevelEstimate:
    """Probabilities of a year's levels, the draws of the map's parameters included."""
    found = level_map.areas["x"]
    parameters = found.draw(len(path.draws), np.random.default_rng(year))
    above = found.at_least(path.draws[:, [year - path.first]], parameters).mean(axis=0)[0]
    chances = -np.diff(np.concatenate([[1.0], above, [0.0]]))
    return LevelEstimate("x", year, {float(k): float(p) for k, p in enumerate(chances)})


def test_true_parameters_come_back_from_many_levels() -> None:
    rng = np.random.default_rng(2)
    truth = certain("x", 3.0, [-1.5, -0.8, 0.1, 0.7, 1.4])
    paths, cells = simulate(rng, 150, 10, 0.01, truth)
    level_map = fit_level_map(cells, paths, ["x"], TOP, rule(trailing=1))
    found = level_map.areas["x"]
    slope, bounds = _unpack(found.mode[None])
    assert slope[0] / found.scale.mean() == pytest.approx(3.0, rel=0.15)
    back = found.centre.mean() + found.scale.mean() * bounds[0]
    assert back == pytest.approx([-1.5, -0.8, 0.1, 0.7, 1.4], abs=0.12)


def test_what_shifts_or_stretches_all_traits_of_a_draw_changes_no_chance() -> None:
    rng = np.random.default_rng(5)
    truth = certain("x", 3.0, [-1.5, -0.8, 0.1, 0.7, 1.4])
    paths, cells = simulate(rng, 12, 8, 0.2, truth)
    shift, stretch = rng.normal(0, 2, (200, 1)), rng.uniform(0.3, 3, (200, 1))
    moved = {u: TraitPath(p.first, shift + stretch * p.draws) for u, p in paths.items()}
    plain, other = (fit_level_map(cells, p, ["x"], TOP, RULE) for p in (paths, moved))
    assert other.areas["x"].mode == pytest.approx(plain.areas["x"].mode, abs=1e-6)
    assert other.expected("x", moved["p3:x"]) == pytest.approx(plain.expected("x", paths["p3:x"]), abs=1e-6)


@pytest.mark.parametrize("noise", [0.1, 0.6])
def test_intervals_of_new_pairs_hold_what_they_promise(noise: float) -> None:
    """Levels are whole numbers, so an interval promises the probability inside it, at least 80 percent."""
    rng = np.random.default_rng(3)
    hits, promised = [], []
    for _ in range(12):
        truth = certain("x", np.exp(rng.normal(0.7, 0.4)), np.cumsum(rng.uniform(0.4, 1.1, 5)) - 2)
        paths, cells = simulate(rng, 25, 12, noise, truth)
        train = [c for c in cells if int(c.unit[1:-2]) < 13]
        level_map = fit_level_map(train, paths, ["x"], TOP, rule(trailing=1))
        for cell in [c for c in cells if int(c.unit[1:-2]) >= 13]:
            found = estimate(level_map, paths[cell.unit], cell.year)
            low, high = found.interval(80)
            hits.append(low <= cell.level <= high)
            promised.append(sum(p for v, p in found.probabilities.items() if low <= v <= high))
    assert np.mean(promised) >= 0.8
    assert np.mean(hits) == pytest.approx(np.mean(promised), abs=0.04)


def test_a_level_that_nobody_holds_has_a_small_chance_even_at_the_top() -> None:
    rng = np.random.default_rng(4)
    truth = certain("x", 3.0, [-1.5, -0.8, 0.1, 0.7, 50.0])
    paths, cells = simulate(rng, 30, 10, 0.1, truth)
    level_map = fit_level_map(cells, paths, ["x"], TOP, rule(trailing=1))
    assert level_map.areas["x"].seen == (0, 1, 2, 3, 4)
    chance = level_map.areas["x"].at_least(np.array([[1.0, 2.0]]))[:, :, TOP - 1].mean(axis=0)
    assert 1e-4 < chance[0] < 0.05
    assert chance[0] < chance[1] < 0.5


def test_without_levels_the_prior_speaks() -> None:
    level_map = fit_level_map([], {}, ["x"], TOP, RULE)
    found = level_map.areas["x"]
    assert (found.cells, found.seen) == (0, ())
    slope, bounds = _unpack(found.mode[None])
    assert slope[0] == pytest.approx(RULE.slope)
    assert bounds[0] == pytest.approx(RULE.gap * np.arange(-2, 3))
    assert np.diag(found.spread) == pytest.approx([RULE.slope_sd, RULE.middle_sd, *[RULE.gap_sd] * 4])


def test_year_ends_that_share_their_evidence_weigh_one_together() -> None:
    """Five equal year-ends in a row move the map no more than one alone."""
    path = {"p:x": TraitPath(2000, np.full((3, 5), 1.0))}
    one = fit_level_map([LevelCell("p:x", "x", 2002, 4)], path, ["x"], TOP, RULE)
    row = fit_level_map([LevelCell("p:x", "x", y, 4) for y in range(2000, 2005)], path, ["x"], TOP, rule(trailing=9))
    assert row.areas["x"].mode == pytest.approx(one.areas["x"].mode, abs=1e-4)


def test_drawn_levels_have_the_chances_of_the_map_and_leave_unknown_years_open(workbench: Workbench) -> None:
    assessment = workbench.assess(workbench.dyad("MNG", "URY"))
    known = certain("exercises", 2.0, [-1.0, 0.0, 0.5, 1.0, 2.0])
    path = TraitPath(2003, np.full((2000, 3), 0.25))
    levels = draw_levels(LevelMap({"exercises": known}, 1, 5), assessment, {"MNG-URY:exercises": path})
    assert list(levels) == ["exercises"]
    drawn, first = levels["exercises"], assessment.years[0]
    assert np.isnan(drawn[:, 2002 - first]).all()
    for k, chance in enumerate(known.at_least(np.array([[0.25]]))[0, 0], start=1):
        assert (drawn[:, 2004 - first] >= k).mean() == pytest.approx(chance, abs=0.001)
    assert (drawn[:, 2003 - first] == drawn[:, 2005 - first]).all()


def test_growth_beside_the_whole_by_hand() -> None:
    """A straight ladder of slope four: within its middle a level is about a unit of the trait."""
    bounds = np.arange(-2.0, 3.0)
    ladder = {a: certain(a, 4.0, bounds) for a in ("fast", "slow")}
    level_map = LevelMap(ladder, 1, 1)
    t = np.linspace(-1, 1, 11)
    paths = {
        "A-B": TraitPath(2000, np.tile(0.5 * t, (8, 1))),
        "A-B:fast": TraitPath(2000, np.tile(t, (8, 1))),
        "A-B:slow": TraitPath(2000, np.array([0.5 * t] * 6 + [-t] * 2)),
    }
    fast, slow = compare_growth("A-B", level_map, paths, range(2000, 2011), 0.05)
    assert fast.slope == pytest.approx(0.2, abs=0.02)
    assert fast.against_pair == (1.0, 0.0, 0.0)
    assert slow.against_pair == (0.0, 0.75, 0.25)
    assert slow.against_areas[2] == pytest.approx(0.25)
    assert (fast.trait_rose_more, slow.trait_rose_more) == (1.0, 0.0)
    assert compare_growth("A-B", level_map, paths, range(1995, 2011), 0.05) == ()
