"""A user's folder over the bundled record."""

from pathlib import Path

import pytest

from milcoop.errors import InvalidRecord
from milcoop.workbench import Workbench, open_workbench
from tests.layer import citation, event_row, figure_row, write_layer


def test_rows_are_added_with_all_that_they_say(tmp_path: Path, workbench: Workbench) -> None:
    row = event_row(
        participants=["BRA", "ARG", "BRA"],
        observers=["USA"],
        date="2010-06/2010-07",
        direction="BRA>ARG",
        ordinal={"BRA": 4, "ARG": 3},
        fields={"domain": ["sea", "air"], "command": {"value": "combined", "cite": ["a"]}, "n_parties": 2},
        quantities=[{"name": "ships", "low": 1, "high": 3, "unit": "ship", "cite": ["a"]}],
        citations={"a": citation(date="unknown")},
    )
    own = open_workbench(write_layer(tmp_path, events=[row], figures=[figure_row()]))
    event = own.events_by_id["planted"]
    assert event.participants == ("ARG", "BRA")
    assert event.observers == ("USA",)
    assert event.ordinals == (("ARG", 3), ("BRA", 4))
    assert event.values("domain") == ("sea", "air")
    assert event.values("command") == ("combined",)
    assert event.values("n_parties") == ("2",)
    assert str(event.quantities[0]) == "ships=1//3 ship"
    assert event.citations[0].date is None
    assert str(event.public_on) == "2026-11-22"
    assert own.figures_by_id["planted-figure"].best == 40
    assert len(own.record.events) == len(workbench.record.events) + 1
    assert own.record.version != workbench.record.version
    assert own.record.version.split("+")[0] == workbench.record.version.split("+")[0]


def test_a_row_with_a_known_id_replaces_the_bundled_one(tmp_path: Path, workbench: Workbench) -> None:
    known = workbench.record.events[0].id
    own = open_workbench(write_layer(tmp_path, events=[event_row(id=known, title="Mine")]))
    assert own.events_by_id[known].title == "Mine"
    assert len(own.record.events) == len(workbench.record.events)


def test_empty_files_and_an_empty_folder_are_fine(tmp_path: Path, workbench: Workbench) -> None:
    write_layer(tmp_path, raw={"events/a.yaml": "", "figures/b.yaml": "# nothing yet\n", "searches/c.yaml": "[]\n"})
    assert open_workbench(tmp_path).record.events == workbench.record.events
    (tmp_path / "none").mkdir()
    assert open_workbench(tmp_path / "none").record.events == workbench.record.events


def test_a_folder_under_version_control_with_a_readme_is_fine(tmp_path: Path) -> None:
    write_layer(tmp_path, events=[event_row()], raw={".git/HEAD": "ref: x\n", "README.md": "mine\n"})
    assert "planted" in open_workbench(tmp_path).events_by_id


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"events/a.yaml": "- id: x\n  date: [1, 2\n  type: y\n"}, r"a\.yaml:3: error: not valid YAML"),
        ({"events/a.yaml": b"- id: caf\xe9\n"}, r"a\.yaml:1: error: cannot be read as UTF-8"),
        ({"figures/a.yaml": "hello\n"}, r"a\.yaml:1: error: "),
        ({"searches/a.yaml": "- {id: x}\n"}, r"a\.yaml:1: error: x: key 'dyad' is missing"),
        ({"events/a.yaml": "- id: x\n  id: y\n"}, r"a\.yaml:1: error: not valid YAML: .*duplicate"),
    ],
)
def test_the_first_defect_stops_the_program(tmp_path: Path, raw: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(InvalidRecord, match=message):
        open_workbench(write_layer(tmp_path, raw=raw))


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    marker = tmp_path / "made"
    raw = {"events/a.yaml": f"- !!python/object/apply:os.system ['touch {marker}']\n"}
    with pytest.raises(InvalidRecord):
        open_workbench(write_layer(tmp_path / "layer", raw=raw))
    assert not marker.exists()


@pytest.mark.parametrize(
    ("urls", "grade"),
    [
        (("https://tass.ru/a", "https://www.reuters.com/a"), 1),
        (("https://tass.ru/a", "http://eng.chinamil.com.cn/a"), 1),
        (("https://tass.ru/a", "https://ria.ru/a"), 2),
        (("https://www.reuters.com/a",), 3),
        (("https://tass.ru/a", "https://tass.ru/b"), 3),
        (("https://vpk.name/a",), 6),
        (("https://vpk.name/a", "https://example.org/b"), 6),
        (("https://www.reuters.com/a", "https://vpk.name/a"), 3),
    ],
)
def test_credibility_follows_from_who_says_so(tmp_path: Path, urls: tuple[str, ...], grade: int) -> None:
    citations = {f"c{i}": citation(url=url) for i, url in enumerate(urls)}
    own = open_workbench(write_layer(tmp_path, events=[event_row(citations=citations)]))
    assert own.events_by_id["planted"].credibility == grade


def test_a_coder_s_own_credibility_stands(tmp_path: Path) -> None:
    own = open_workbench(write_layer(tmp_path, events=[event_row(credibility=2)]))
    assert own.events_by_id["planted"].credibility == 2
