"""The question log by the real command: freeze, freeze again, resolve, and a log that was edited."""

import json
from datetime import date
from pathlib import Path

import pytest

from milcoop.domain.question import Question
from milcoop.record.questions import append_questions, read_questions
from milcoop.trajectory.forecasting.scores import ranked_score
from tests.command import output, refusal, refused, run

LEVELS = tuple(float(v) for v in range(6))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my-record"
    made.mkdir()
    return made


def question(target: str = "level:exercises", ends: str = "2021-12-31", **more: object) -> Question:
    """A question as it might have been frozen at the end of 2020."""
    plain: dict[str, object] = {
        "dyad": "CHN-RUS",
        "target": target,
        "label": "Joint exercises",
        "frozen_on": "2020-12-31",
        "reference_date": "2020-12-31",
        "target_end_date": ends,
        "method": "drift",
        "record_version": "planted",
        "values": LEVELS,
        "probabilities": (0.0, 0.0, 0.1, 0.2, 0.6, 0.1),
        "persistence": (0.0, 0.0, 0.0, 0.5, 0.5, 0.0),
    }
    return Question(**(plain | more))  # type: ignore[arg-type]


def test_the_track_record_starts_empty(folder: Path) -> None:
    text = output("questions", "--record", folder)
    assert "Track record: 0 frozen, 0 resolved." in text


def test_freeze_and_resolve(folder: Path) -> None:
    first = run("forecast", "RUS", "CHN", "--horizon", "2", "--freeze", "--record", folder)
    assert first.returncode == 0, first.stderr
    assert "questions frozen in" in first.stderr
    path = folder / "forecasts" / "CHN-RUS.jsonl"
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) >= 20
    today = {json.loads(line)["frozen_on"] for line in lines}
    assert len(today) == 1
    assert date.fromisoformat(today.pop()) <= date.today()
    again = run("forecast", "RUS", "CHN", "--horizon", "2", "--freeze", "--record", folder)
    if json.loads(lines[0])["frozen_on"] == date.today().isoformat():
        assert "every question was frozen today already" in again.stderr
        assert path.read_text("utf-8").splitlines() == lines
    append_questions(folder, "CHN-RUS", [question()])
    found = json.loads(output("questions", "--record", folder, "--format", "json"))
    assert {r["status"] for r in found[:-1]} == {"open"}
    assert [r["score"] for r in found[:-1]] == [None] * (len(found) - 1)
    planted = found[-1]
    assert (planted["status"], planted["outcome"]) == ("resolved", 4)
    assert planted["score"] == pytest.approx(0.1**2 + 0.3**2 + 0.1**2)
    assert planted["persistence_score"] == pytest.approx(0.5**2)
    assert planted["explain"] == "CHN-RUS:exercises:2021"
    text = output("questions", "--record", folder)
    assert f"Track record: {len(found)} frozen, 1 resolved." in text
    assert "levels: mean score 0.110 levels, persistence 0.250, over 1 questions" in text
    assert output("validate", "--record", folder)


def test_a_count_and_an_area_that_is_not_fully_monitored(folder: Path) -> None:
    append_questions(
        folder, "CHN-RUS", [question("level:confidence", "2026-12-31"), question("level:command", "2020-12-31")]
    )
    found = json.loads(output("questions", "--record", folder, "--format", "json"))
    assert [r["status"] for r in found] == ["open", "not monitored"]


def test_an_edited_line_is_noticed_and_not_scored(folder: Path) -> None:
    path, new = append_questions(
        folder, "CHN-RUS", [question(), question(ends="2022-12-31"), question(ends="2023-12-31")]
    )
    assert new == 3
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0].replace("0.6, 0.1", "0.7, 0.0"), *lines[1:]]) + "\n", "utf-8")
    done = run("questions", "--record", folder, "--format", "json")
    assert done.returncode == 1
    assert [r["status"] for r in json.loads(done.stdout)] == ["edited", "resolved", "resolved"]
    assert "was edited after it was frozen" in done.stderr


def test_a_line_taken_out_is_noticed(folder: Path) -> None:
    path, _ = append_questions(
        folder, "CHN-RUS", [question(), question(ends="2022-12-31"), question(ends="2023-12-31")]
    )
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[2]]) + "\n", "utf-8")
    done = run("questions", "--record", folder)
    assert done.returncode == 1
    assert "does not follow the line it was sealed on" in done.stderr


def test_the_same_question_enters_once(folder: Path) -> None:
    assert append_questions(folder, "CHN-RUS", [question(), question(ends="2022-12-31")])[1] == 2
    assert append_questions(folder, "CHN-RUS", [question(), question(ends="2023-12-31")])[1] == 1
    assert [line.holds and line.follows for line in read_questions(folder)] == [True] * 3
    assert append_questions(folder, "CHN-RUS", [question(frozen_on="2021-01-01")])[1] == 1


def test_what_is_no_question_is_refused(folder: Path) -> None:
    (folder / "forecasts").mkdir()
    path = folder / "forecasts" / "CHN-RUS.jsonl"
    pairless = json.dumps(question(dyad="nobody").sealed("").to_json())
    dateless = json.dumps(question(ends="soon").sealed("").to_json())
    for text in ('{"id": 1}', "[1]", "not json", pairless, dateless):
        path.write_text(f"{text}\n", "utf-8")
        assert "CHN-RUS.jsonl:1: found no frozen question" in refused("questions", "--record", folder)


def test_no_backtest_and_no_scenario_enters_the_log(folder: Path) -> None:
    ask = ("forecast", "RUS", "CHN", "--freeze", "--record", folder)
    assert "found the vintage 2022-11-30 to be frozen" in refusal(*ask, "--as-of", "2022-11-30")
    assert "found a scenario to be frozen" in refused(*ask, "--scenario", "closure")
    assert not (folder / "forecasts").exists()


def test_a_folder_is_needed() -> None:
    assert "found no record folder" in refusal("questions")
    assert "found no folder" in refused("questions", "--record", "nowhere")


def test_scores_of_a_question_are_those_of_its_distribution() -> None:
    assert ranked_score(question().forecast, 4) == pytest.approx(0.11)
