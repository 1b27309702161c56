"""The order of the two states, and the way they are written, never matter."""

import pytest

from tests.command import Once, output


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess", "--format", "json"),
        ("assess", "--format", "csv"),
        ("assess", "--format", "table"),
        ("assess", "--format", "csv", "--scale", "korolev-8", "--as-of", "2014"),
        ("events", "--format", "csv"),
        ("events", "--format", "json", "--area", "basing"),
        ("events", "--format", "jsonl", "--family", "transfer"),
        ("events", "--format", "geojson", "--from", "2022"),
        ("figures", "--format", "csv"),
        ("figures", "--format", "json"),
        ("mechanisms", "--format", "csv"),
        ("mechanisms", "--format", "json"),
    ],
    ids=" ".join,
)
def test_either_order_gives_the_same_bytes(arguments: tuple[str, ...], once: Once) -> None:
    command, *options = arguments
    one, other = once(command, "RUS", "CHN", *options), once(command, "CHN", "RUS", *options)
    assert one == other
    assert one.count("\n") > 5


def test_names_and_codes_give_the_same_bytes(once: Once) -> None:
    wanted = once("mechanisms", "RUS", "CHN", "--format", "csv")
    for pair in (("россия", "китай"), ("365", "710"), ("俄罗斯", "China")):
        assert output("mechanisms", *pair, "--format", "csv") == wanted


def test_explain_takes_a_rating_in_either_order() -> None:
    one, other = (output("explain", f"{pair}:command:2021", "--format", "json") for pair in ("CHN-RUS", "RUS-CHN"))
    assert one == other
