"""Each kind of defect that ``milcoop validate`` claims to find, with file and line, through the real command."""

from pathlib import Path
from typing import Any

import pytest

from tests.command import run
from tests.layer import citation, event_row, figure_row, search_row, write_layer

SAME = {"type": "consultation.ministers", "title": "Ministers meet in Brasilia"}

EVENT_DEFECTS: list[tuple[dict[str, Any], str]] = [
    ({"participant": ["BRA"]}, "unknown key 'participant'; nearest: participants"),
    ({"coding": None}, "key 'coding' is missing"),
    ({"participants": "BRA"}, "participants: "),
    ({"participants": ["Brazil", "ARG"]}, "participants.0: "),
    ({"id": "Not A Slug"}, "id: "),
    ({"date": "2010-13"}, "'2010-13' is not a possible date"),
    ({"date": "2010-06/2010-05"}, "ends before it begins"),
    ({"citations": {}}, "citations: "),
    ({"citations": {"a": citation(url="ftp://example.org/a")}}, "citations.a.url: "),
    ({"citations": {"a": citation(url="javascript:alert(1)")}}, "citations.a.url: "),
    ({"citations": {"a": citation(language="english")}}, "citations.a.language: "),
    ({"citations": {"a": citation(publishr="x")}}, "unknown key 'publishr'; nearest: publisher"),
    ({"citations": {"a": citation(date="yesterday")}}, "'yesterday' is not a date"),
    ({"citations": {"a": citation(url="https:///page")}}, "is not an address that can be read"),
    ({"citations": {"a": citation(), "b": citation()}}, "cites https://example.org/page twice"),
    ({"citations": {"a": citation(date="2026-12-01")}}, "citation a is dated after it was opened"),
    ({"citations": {"a": citation(date="2009")}}, "every citation is older than the act that it should show"),
    ({"quantities": [{"name": "ships", "unit": "ship"}]}, "one of low, best, high is needed"),
    ({"quantities": [{"name": "ships", "low": 3, "best": 2, "unit": "ship"}]}, "low, best, high must not fall"),
    (
        {"quantities": [{"name": "ships", "best": 2, "unit": "ship", "cite": ["b"]}]},
        "cites 'b', which is not among its citations",
    ),
    ({"fields": {"command": {"value": "combined", "cite": ["z"]}}}, "cites 'z', which is not among its citations"),
    ({"type": "exercise.navl"}, "unknown type 'exercise.navl'; nearest: exercise.naval"),
    ({"participants": ["BRA", "ARX"]}, "unknown state 'ARX'; nearest: "),
    ({"observers": ["ZZZ"]}, "unknown state 'ZZZ'"),
    ({"direction": "USA>ARG"}, "direction USA>ARG names a state that does not take part"),
    ({"direction": "sideways"}, "direction: "),
    ({"status": "helt"}, "unknown status 'helt'; nearest: held"),
    ({"history": [{"status": "anounced", "date": "2010"}]}, "unknown status 'anounced'; nearest: announced"),
    (
        {"history": [{"status": "held", "date": "2010-06"}, {"status": "announced", "date": "2010-05"}]},
        "history is not in order of date",
    ),
    ({"place": "beijng"}, "unknown place 'beijng'; nearest: beijing"),
    ({"series": "joint-sae"}, "unknown series 'joint-sae'; nearest: joint-sea"),
    ({"mechanism": "defence-minister"}, "unknown mechanism 'defence-minister'; nearest: defence-ministers"),
    ({"fields": {"comand": "combined"}}, "family exercise has no field 'comand'; nearest: command"),
    ({"fields": {"command": "combind"}}, "field command has value 'combind'; nearest: combined"),
    ({"fields": {"n_parties": "many"}}, "field n_parties has 'many', expected a number in state"),
    (
        {"type": "agreement.treaty", "status": "signed", "fields": {"in_force_from": "soon"}},
        "field in_force_from has 'soon', expected a date",
    ),
    ({"date": "2030-01-01"}, "is dated 2030-01-01 after the record's end"),
    (
        {"participants": ["RUS", "CHN"], "citations": {"a": citation(url="https://tass.ru/a")}},
        "rests on one page of a party's agency",
    ),
    ({"credibility": 7}, "credibility: "),
]


def defects(folder: Path, **rows: Any) -> list[str]:
    write_layer(folder, **rows)
    done = run("validate", "--record", folder)
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert done.stderr == ""
    *lines, total = done.stdout.splitlines()
    assert f": {len(lines)} errors" in total
    return lines


def test_the_bundled_record_is_sound() -> None:
    done = run("validate")
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert ": 0 errors" in done.stdout


def test_a_sound_folder_is_sound(tmp_path: Path) -> None:
    write_layer(tmp_path, events=[event_row()], figures=[figure_row()], searches=[search_row(1)])
    done = run("validate", "--record", tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_defect_of_an_event_stands_with_file_and_line(tmp_path: Path) -> None:
    """One file a defect, all in one run: each must be told at its own file and inside its own row."""
    for i, (change, _) in enumerate(EVENT_DEFECTS):
        row = event_row(
            **{"id": f"planted-{i}", "title": f"{'abcdefghij'[i // 10]}{'klmnopqrst'[i % 10]} {i * 7919}"} | change
        )
        write_layer(tmp_path, raw={f"events/{i:03}.yaml": "# one row\n\n" + _dump([row])})
    lines = defects(tmp_path)
    missing = []
    for i, (_, message) in enumerate(EVENT_DEFECTS):
        own = [line for line in lines if line.startswith(f"{tmp_path / 'events' / f'{i:03}.yaml'}:")]
        numbers = [int(line.removeprefix(str(tmp_path)).split(":")[1]) for line in own]
        if not any(message in line for line in own) or min(numbers) < 3:
            missing.append((i, message, own))
    assert missing == []


def _dump(rows: Any) -> str:
    import yaml

    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)


def test_line_of_the_wrong_key_and_of_the_second_row(tmp_path: Path) -> None:
    text = _dump([event_row(), event_row(id="second", date="2010-06-03", participant=["X"])])
    lines = defects(tmp_path, raw={"events/a.yaml": text})
    wanted = text.splitlines().index("  participant:") + 1
    assert lines == [
        f"{tmp_path / 'events' / 'a.yaml'}:{wanted}: error: second: unknown key 'participant'; nearest: participants"
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"events": [event_row(), event_row()]}, "id 'planted' stands twice"),
        ({"events": [event_row(**SAME), event_row(id="second", **SAME)]}, "second: looks like the same act as planted"),
        (
            {
                "events": [
                    event_row(id="contract", type="transfer.contract", status="signed", date="2010-06", chain="c"),
                    event_row(
                        id="delivery", type="transfer.delivery", status="delivered", date="2009", chain="c",
                        citations={"a": citation(date="2009-12-31")},
                    ),
                ]
            },
            "delivery: chain c: delivered before any contract of the chain",
        ),
        ({"figures": [figure_row(name="share_of_arms_import")]}, "unknown figure name 'share_of_arms_import'"),
        ({"figures": [figure_row(unit="tons")]}, "unit 'tons', expected 'percent' for share_of_arms_imports"),
        ({"figures": [figure_row(participants=["BRA", "ARX"])]}, "unknown state 'ARX'; nearest: "),
        (
            {"figures": [figure_row(), figure_row(id="again", title="The same in other words")]},
            "gives the same value from the same page as again",
        ),
        ({"figures": [figure_row(best=None)]}, "one of low, best, high is needed"),
        ({"figures": [figure_row(low=50)]}, "low, best, high must not fall"),
        ({"figures": [figure_row(citations={"a": citation(date="2026-12-01")})]}, "is dated after it was opened"),
        ({"searches": [search_row(1, years="2010/2006")]}, "ends before it begins"),
        ({"searches": [search_row(1, families=[])]}, "families: "),
        ({"raw": {"events/planted.yaml": "- id: x\n  date: [1, 2\n  type: y\n"}}, "not valid YAML"),
        ({"raw": {"events/planted.yaml": b"\n- id: caf\xe9\n"}}, "cannot be read as UTF-8"),
        ({"raw": {"events/planted.yaml": "hello\n"}}, "valid dictionary"),
    ],
)  # fmt: skip
def test_defects_between_rows_and_in_other_files(tmp_path: Path, rows: dict[str, Any], message: str) -> None:
    lines = defects(tmp_path, **rows)
    told = [line for line in lines if message in line]
    assert told, lines
    assert all(line.startswith(str(tmp_path)) for line in told)
    assert all(int(line.removeprefix(str(tmp_path)).split(":")[1]) >= 1 for line in told)


def test_a_family_or_state_of_a_search_that_does_not_exist(tmp_path: Path) -> None:
    """A misspelt family in the log of searches would make an area look unmonitored without a word."""
    rows = [search_row(1, families=["exercize"]), search_row(2, dyad=["BRA", "ARX"])]
    lines = defects(tmp_path, searches=rows)
    assert any("exercize" in line for line in lines)
    assert any("ARX" in line for line in lines)


def test_a_number_must_be_one(tmp_path: Path) -> None:
    rows = {"events": [event_row(quantities=[{"name": "ships", "best": float("nan"), "unit": "ship"}])]}
    assert any("quantities" in line for line in defects(tmp_path, **rows))


def test_an_address_that_cannot_be_parsed(tmp_path: Path) -> None:
    lines = defects(tmp_path, events=[event_row(citations={"a": citation(url="https://[bad/page")})])
    assert any("https://[bad/page" in line or "citations.a.url" in line for line in lines)


def test_codebook_defects_have_file_and_line(tmp_path: Path) -> None:
    row = {"id": "planted", "label": {"en": "P", "ru": "П", "zh": "平"}, "members": ["BRA", "ZZZ"]}
    lines = defects(tmp_path, codebook={"series/planted.yaml": row})
    told = [line for line in lines if "unknown member 'ZZZ'" in line]
    assert told
    assert told[0].startswith(str(tmp_path / "codebook" / "series" / "planted.yaml") + ":")


def test_warnings_are_for_a_person_to_judge(tmp_path: Path) -> None:
    write_layer(tmp_path, raw={"event/a.yaml": "- id: x\n"})
    done = run("validate", "--record", tmp_path, "--warnings")
    assert done.returncode == 0
    assert f"{tmp_path / 'event'}:1: warning: unknown folder or file" in done.stdout
    assert ": 0 errors, 1 warnings" in done.stdout
