"""Whole fits: against the truth, against the same model written plainly, and what the checks name."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from milcoop.domain.measurement import Measurement
from milcoop.measure.latent.design import Design
from milcoop.measure.latent.fit import measure, translate
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.sampler import Sampler
from milcoop.measure.latent.spec import SamplerSpec
from tests.measure.latent.panels import Made, walking

PLAIN = Path(__file__).resolve().parents[3] / "benchmarks" / "plain_model.py"


def fitted(made: Made) -> Measurement:
    return measure(make_panel(made.table, made.spec), made.spec)


def states(found: Measurement, share: float | None = None) -> np.ndarray:
    return np.array([q.mean if share is None else q.quantiles[share] for q in found.quantities if q.of == "state"])


def test_states_are_recovered_and_the_same_seed_gives_the_same_numbers() -> None:
    made = walking()
    result, again = fitted(made), fitted(made)
    truth = made.states.ravel()
    assert np.corrcoef(states(result), truth)[0, 1] > 0.9
    inside = (states(result, 0.05) <= truth) & (truth <= states(result, 0.95))
    assert inside.mean() > 0.8
    assert result.misfits == ()
    assert result.divergences == 0
    assert result.rhat < 1.05
    assert [q.mean for q in again.quantities] == [q.mean for q in result.quantities]


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ({"jump": 6.0}, "jump: unit u0 at 2006"),
        ({"lazy": True}, "rater's answers vary as they should not: rater r0"),
        ({"doubled": True}, "item drifts against the others: item acts, later against earlier half"),
    ],
)
def test_a_wrong_model_is_named_and_not_established(kind: dict[str, Any], named: str) -> None:
    result = fitted(walking(**kind))
    assert not result.established
    assert any(reason.startswith(named) for reason in result.reasons), result.reasons


def test_too_short_a_run_is_not_established() -> None:
    made = walking(units=3, times=4)
    spec = made.spec.model_copy(update={"sampler": SamplerSpec(chains=2, warmup=50, draws=50)})
    result = measure(make_panel(made.table, spec), spec)
    assert not result.established
    assert any("effective sample size" in r for r in result.reasons)
    assert result.seconds > 0


def plain() -> ModuleType:
    spec = importlib.util.spec_from_file_location("plain_model", PLAIN)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_posterior_is_that_of_the_model_written_plainly() -> None:
    """An independent program of the same model and priors gives the same means and spreads, up to Monte Carlo error."""
    made = walking(units=4, times=6, raters=2, seed=4)
    table = made.table[made.table["item"] != "acts"]
    spec = made.spec.model_copy(update={"items": {}})
    panel = make_panel(table, spec)
    design = Design(panel, spec)
    ours = translate(design, Sampler(design, chains=16, warmup=300, seed=1).draw(1000))
    d = {"units": 4, "times": 6, "items": 3, "raters": 2, "cuts": 4}
    d |= {"unit": panel.unit, "time": panel.time, "item": panel.item, "rater": panel.rater}
    theirs = plain().run_plain(d, panel.value.astype(int), warmup=600, draws=1000)
    a, b = ours.state.reshape(-1, 24), np.asarray(theirs["theta"]).reshape(-1, 24)
    assert np.abs(a.mean(axis=0) - b.mean(axis=0)).max() < 0.12 * b.std(axis=0).min()
    assert np.abs(a.std(axis=0) / b.std(axis=0) - 1).max() < 0.1
    step = np.asarray(theirs["step"])
    assert abs(ours.step.mean() - step.mean()) < 0.15 * step.std()
    assert abs(ours.step.std() / step.std() - 1) < 0.12
