"""The question log of a record folder: one file a pair, one frozen forecast a line, each line sealed on the one before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from milcoop.domain.question import Question, question_from
from milcoop.errors import InvalidRecord, OutputError

FOLDER = "forecasts"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A question with whether its hash holds, and whether the line before it is the one it was sealed on."""

    question: Question
    holds: bool
    follows: bool
    where: str


def read_questions(folder: Path) -> tuple[LogLine, ...]:
    """Every line of every log in a record folder. Raises InvalidRecord with file and line for what is no question."""
    found: list[LogLine] = []
    for path in sorted((folder / FOLDER).glob("*.jsonl")):
        previous = ""
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not text.strip():
                continue
            try:
                question = question_from(json.loads(text))
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidRecord(
                    f"{path}:{number}: found no frozen question ({error}), expected one line of JSON"
                ) from None
            holds = question.digest() == question.sha256
            found.append(LogLine(question, holds, question.previous == previous, f"{path}:{number}"))
            previous = question.sha256
    return tuple(found)


def append_questions(folder: Path, dyad: str, questions: Sequence[Question]) -> tuple[Path, int]:
    """Append the questions that the pair's log does not hold yet; returns the file and how many were new.

    Raises InvalidRecord where the folder is missing, OutputError where it cannot be written.
    """
    if not folder.is_dir():
        raise InvalidRecord(f"found no folder at '{folder}', expected a record folder")
    path = folder / FOLDER / f"{dyad}.jsonl"
    lines = [line for line in read_questions(folder) if line.question.dyad == dyad]
    held = {line.question.id for line in lines}
    previous = lines[-1].question.sha256 if lines else ""
    new = []
    for question in questions:
        if question.id not in held:
            sealed = question.sealed(previous)
            previous = sealed.sha256
            new.append(json.dumps(sealed.to_json(), ensure_ascii=False))
    if new:
        try:
            path.parent.mkdir(exist_ok=True)
            with path.open("a", encoding="utf-8") as handle:
                handle.write("".join(f"{line}\n" for line in new))
        except OSError as error:
            raise OutputError(f"cannot write '{path}': {error.strerror or error}") from error
    return path, len(new)
