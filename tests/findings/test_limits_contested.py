"""Verdicts where help is alleged and denied."""

from __future__ import annotations

import pytest

from milcoop.codebook.limit_rule import LimitTest
from milcoop.codebook.loader import load_codebook
from milcoop.domain.event import Event
from milcoop.domain.limit import Verdict
from milcoop.findings.limit_verdicts import join_sides
from tests.findings.test_limits import a_test, limits_of, line, said


def denying() -> LimitTest:
    denial = line("against", contested=True, select={"types": ["statement.denial"]})
    plain = a_test()
    return plain.model_copy(
        update={
            "lines": (
                plain.lines[0],
                LimitTest.model_validate(a_test(lines=[denial]).model_dump()).lines[0],
                *plain.lines[1:],
            )
        }
    )


def test_a_denial_and_what_it_denies_are_both_contested() -> None:
    """Neither an allegation nor its denial counts for the value; each moves its own end."""
    alleged = said("2011", "for", type_="transfer.delivery", status="alleged")
    denial = said("2010", "against", type_="statement.denial")
    refusal = said("2011", "against", type_="statement.refusal")

    def now(*events: Event) -> tuple[str, str, str]:
        verdict = limits_of(events, denying(), years=range(2011, 2012)).tests[0].by_state["ARG"][-1]
        return verdict.word, verdict.low, verdict.high

    assert now(denial, alleged) == ("contested", "against", "met")
    assert now(alleged) == ("contested", "not met", "met")
    assert now(denial) == ("not met", "against", "not met")
    assert now(refusal, denial) == ("against", "against", "against")
    # by years: 0 for the refusal and, read for the partner, 1 for the delivery, which outweighs words of its year
    assert now(refusal, alleged) == ("against", "against", "met")
    both = limits_of([denial, alleged], denying(), years=range(2011, 2012))
    assert both.holding_back == ()
    assert (both.found["limits.met"].value, both.found["limits.met"].high) == (0, 1)


@pytest.mark.parametrize(
    ("sides", "pair"),
    [
        (("contested", "no occasion"), "contested"), (("contested", "not met"), "contested"), (("contested", "against"), "against"),
        (("contested", "met"), "partly"), (("not met", "against"), "against"),
    ],
)  # fmt: skip
def test_a_contested_side_joined_with_the_other(sides: tuple[str, str], pair: str) -> None:
    assert join_sides([Verdict(2010, word, word, word, ()) for word in sides]).word == pair


def test_denials_are_contested_in_the_tests_of_help_that_ship() -> None:
    tests = load_codebook().limits
    for name in ("crisis-material", "crisis-troops", "crisis-sanctions"):
        lines = tests[name].lines
        (denials,) = [i for i, entry in enumerate(lines) if entry.contested]
        assert denials < min(i for i, entry in enumerate(lines) if entry.side == "against" and not entry.deed and not entry.contested)  # fmt: skip
