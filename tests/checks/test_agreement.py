"""Agreement of raters: published examples, an independent formula, properties, bad files."""

import csv
import itertools
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from milcoop.checks.agreement import METRICS, measure_agreement
from tests.command import output, refusal, refused

CARIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "dawid_skene" / "caries_patterns.csv"

FOUR_BY_TWELVE = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff 2011, section C: four observers, twelve units, missing values."""
THREE_BY_FIFTEEN = """
. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""


def ratings(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for rater, line in enumerate(text.strip().splitlines()):
        for unit, value in enumerate(line.split()):
            if value != ".":
                found[f"u{unit}"][f"r{rater}"] = value
    return dict(found)


@pytest.mark.parametrize(
    ("text", "metric", "alpha"),
    [
        (FOUR_BY_TWELVE, "nominal", 0.743),
        (FOUR_BY_TWELVE, "ordinal", 0.815),
        (FOUR_BY_TWELVE, "interval", 0.849),
        (THREE_BY_FIFTEEN, "nominal", 0.691),
        (THREE_BY_FIFTEEN, "interval", 0.811),
    ],
)
def test_published_examples(text: str, metric: str, alpha: float) -> None:
    found = measure_agreement(ratings(text), metric, draws=0)
    assert found.alpha == pytest.approx(alpha, abs=0.0005)


def test_counts_of_the_published_example() -> None:
    found = measure_agreement(ratings(FOUR_BY_TWELVE), draws=200)
    assert (found.units, found.left_out, found.raters, found.ratings) == (11, 1, 4, 40)
    assert found.values == ("1", "2", "3", "4", "5")
    assert found.interval is not None
    assert found.alpha is not None
    assert found.interval[0] < found.alpha < found.interval[1] <= 1


def by_definition(by_unit: dict[str, dict[str, str]], metric: str) -> float:
    """Alpha from all pairs of values, one by one, as its definition reads."""
    units = [[float(v) for v in by.values()] for by in by_unit.values() if len(by) > 1]
    pooled = [v for unit in units for v in unit]

    def distance(a: float, b: float) -> float:
        if metric == "nominal":
            return float(a != b)
        if metric == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(low <= v <= high for v in pooled) - (pooled.count(low) + pooled.count(high)) / 2
        return between**2 if a != b else 0.0

    observed = sum(sum(distance(a, b) for a, b in itertools.permutations(u, 2)) / (len(u) - 1) for u in units)
    expected = sum(distance(a, b) for a, b in itertools.permutations(pooled, 2)) / (len(pooled) - 1)
    return 1 - observed / expected


@pytest.mark.parametrize("metric", METRICS)
def test_the_definition_and_any_order_of_units_and_raters(metric: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(5):
        found = {f"u{u}": {f"r{r}": str(rng.integers(0, 6)) for r in range(4) if rng.random() < 0.8} for u in range(15)}
        alpha = measure_agreement(found, metric, draws=0).alpha
        assert alpha == pytest.approx(by_definition(found, metric))
        mixed = {
            u: {f"x{r}": by[r] for r in rng.permutation(sorted(by))}
            for u, by in rng.permutation(np.array(sorted(found.items()), dtype=object)).tolist()
        }
        assert measure_agreement(mixed, metric, draws=0).alpha == pytest.approx(alpha)


@pytest.mark.parametrize("metric", METRICS)
def test_full_agreement_chance_and_no_variation(metric: str) -> None:
    same = {str(u): {"a": str(u % 5), "b": str(u % 5)} for u in range(20)}
    assert measure_agreement(same, metric).alpha == 1
    rng = np.random.default_rng(1)
    chance = {str(u): {"a": str(rng.integers(5)), "b": str(rng.integers(5))} for u in range(2000)}
    found = measure_agreement(chance, metric, draws=200)
    assert found.alpha == pytest.approx(0, abs=0.06)
    never = measure_agreement({str(u): {"a": "3", "b": "3"} for u in range(9)}, metric, draws=50)
    assert (never.alpha, never.interval, never.percent, never.undefined) == (None, None, 1, 50)
    assert never.why == "every rating is 3, so no disagreement could be expected"


def test_high_percent_agreement_beside_a_low_alpha() -> None:
    """Nearly everything is one value: percent agreement alone would flatter."""
    found = {str(u): {"a": "0", "b": "0"} for u in range(96)}
    found |= {f"x{u}": {"a": "0", "b": "1"} if u % 2 else {"a": "1", "b": "0"} for u in range(4)}
    both = measure_agreement(found, "nominal")
    assert both.percent == pytest.approx(0.96)
    assert both.alpha is not None
    assert both.alpha < 0


def test_the_interval_holds_the_value_of_a_large_population() -> None:
    """Raters who hit the truth with probability 0.7: nine in ten intervals of small samples hold the large sample's alpha."""
    rng = np.random.default_rng(8)

    def sample(n: int) -> dict[str, dict[str, str]]:
        truth = rng.integers(0, 5, n)
        noisy = np.clip(truth[:, None] + rng.integers(-1, 2, (n, 3)) * (rng.random((n, 3)) < 0.5), 0, 4)
        return {str(u): {str(r): str(v) for r, v in enumerate(row)} for u, row in enumerate(noisy)}

    large = measure_agreement(sample(4000), draws=0).alpha
    assert large is not None
    inside = 0
    for k in range(100):
        interval = measure_agreement(sample(60), draws=200, seed=k).interval
        inside += interval is not None and interval[0] <= large <= interval[1]
    assert inside >= 88


@pytest.mark.shared_data
@pytest.mark.skipif(not CARIES.is_file(), reason=f"needs the ratings of caries at {CARIES}")
def test_caries_against_fleiss_kappa() -> None:
    """Five dentists, 3,859 X-rays (Espeland and Handelman 1989): alpha is Fleiss' kappa but for the size of the sample."""
    found: dict[str, dict[str, str]] = {}
    for k, row in enumerate(csv.DictReader(CARIES.open(encoding="utf-8"))):
        for copy in range(int(row["n"])):
            found[f"{k}-{copy}"] = {r: row[r] for r in row if r.startswith("rater")}
    counts = np.array([[sum(v == c for v in by.values()) for c in ("1", "2")] for by in found.values()])
    agree = ((counts * (counts - 1)).sum(axis=1) / 20).mean()
    chance = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    kappa = (agree - chance) / (1 - chance)
    result = measure_agreement(found, "nominal", draws=20)
    assert result.percent == pytest.approx(agree)
    assert result.alpha == pytest.approx(kappa + (1 - kappa) / counts.sum())


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


GOOD = "unit,rater,value\n" + "".join(
    f"{u},{r},{v}\n" for u, by in ratings(FOUR_BY_TWELVE).items() for r, v in by.items()
)


def test_the_command(tmp_path: Path) -> None:
    path = write(tmp_path / "ratings.csv", GOOD + "u10,r0,\n")
    found = json.loads(output("agreement", path, "--format", "json"))
    assert found["metric"] == "ordinal"
    assert found["alpha"] == pytest.approx(0.8154, abs=1e-4)
    assert found["percent_agreement"] == pytest.approx(0.85, abs=0.1)
    assert json.loads(output("agreement", path, "--format", "json")) == found
    table = output("agreement", path, "--metric", "nominal", "--draws", "200")
    assert "0.743" in table
    words = write(tmp_path / "words.csv", "Item;Coder;Grade\na;x;low\na;y;high\nb;x;mid\nb;y;mid\n".replace(";", ","))
    named = ("--unit", "Item", "--rater", "Coder", "--value", "Grade")
    found = json.loads(output("agreement", words, *named, "--order", "low,mid,high", "--format", "json"))
    assert found["values"] == ["low", "mid", "high"]
    never = write(tmp_path / "never.csv", "unit,rater,value\na,x,2\na,y,2\nb,x,2\nb,y,2\n")
    assert "undefined: every rating is 2" in output("agreement", never)


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("", (), "is empty, expected a header with unit, rater, value"),
        ("unit,rater,value\n", (), "no rating below its header"),
        ("unit,coder,value\na,x,1\n", (), "found no column 'rater'; columns: unit, coder, value"),
        ("unit,rater,value\na,x,1\nb,x,2\n", (), "found one rater, 'x', expected at least two"),
        ("unit,rater,value\na,x,1\nb,y,2\n", (), "no unit has two ratings"),
        ("unit,rater,value\na,x,low\na,y,1\n", (), "found value 'low', expected a number for the metric 'ordinal'"),
        ("unit,rater,value\na,x,1\na,y,1\na,x,2\n", (), ":4: found a second rating of 'a' by 'x'"),
        ("unit,rater,value\na,x,1\n,y,1\n", (), ":3: found no unit"),
        ("unit,rater,value\na,x,1\na\n", (), ":3: found 1 cells, expected 3"),
        ("unit,rater,value\na,x,1\na,y,9\n", ("--order", "1,2,3"), "found value '9', expected one of 1, 2, 3"),
        ("unit,rater,value\na,x,1\na,y,9\n", ("--metric", "ratio"), "'ratio' is not one of"),
        ("unit,rater,value\na,x,1\na,y,9\n", ("--draws", "-1"), "--draws"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, arguments: tuple[str, ...], message: str) -> None:
    import re

    assert re.search(message, refused("agreement", write(tmp_path / "r.csv", text), *arguments))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "found no file" in refusal("agreement", tmp_path / "nowhere.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00unit")
    assert "binary file" in refused("agreement", tmp_path / "binary.csv")
    assert "found no file" in refused("agreement", tmp_path)
