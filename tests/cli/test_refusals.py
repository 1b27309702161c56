"""Bad input through the real command: exit code 2, one line on stderr, no traceback, nothing half-written."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.command import MILCOOP, environment, refusal, refused, run
from tests.layer import citation, event_row, write_layer

RUS_CHN = {"participants": ["RUS", "CHN"]}


def test_each_kind_in_a_process_of_its_own(tmp_path: Path) -> None:
    """What a shell sees of each kind of bad input; the words of every message are tested below, in this process."""
    write_layer(tmp_path / "broken", raw={"events/a.yaml": "- id: x\n  date: [1, 2\n  type: y\n"})
    write_layer(tmp_path / "row", events=[event_row(date="2010-13")])
    write_layer(tmp_path / "code", events=[event_row(type="exercise.navl", **RUS_CHN)])
    missing, out = tmp_path / "nowhere", tmp_path / "out"
    for arguments, message in (
        (("assess", "RUS", "Chna"), "found state 'Chna'.*nearest: .*China"),
        (("assess", "RUS"), "Missing argument 'STATE'.*milcoop assess --help"),
        (("assess", "RUS", "CHN", "--fromm", "2010"), "No such option.*--fromm"),
        (("events", "RUS", "CHN", "--format", "xml"), "'xml' is not one of"),
        (("assess", "RUS", "CHN", "--as-of", "2014-13"), "'2014-13' is not a possible date"),
        (("asses", "RUS", "CHN"), "found command 'asses'.*nearest: assess"),
        (("explain", "joint-sea-2061"), "nearest: .*joint-sea-2016"),
        (("report", "RUS", "CHN", "--out", out, "--format", "docx"), "expected of html, pdf, md"),
        (("assess", "RUS", "CHN", "--record", missing), "found no folder at '.*nowhere'"),
        (("assess", "RUS", "CHN", "--record", tmp_path / "broken"), "a.yaml:3: error: not valid YAML"),
        (("events", "RUS", "CHN", "--record", tmp_path / "row"), "'2010-13' is not a possible date"),
        (("report", "RUS", "CHN", "--out", out, "--record", tmp_path / "code"), r"planted.yaml:\d+: error"),
    ):
        assert re.search(message, refusal(*arguments))
    assert not out.exists()
    assert f"found no folder at '{missing}'" in refusal("events", "RUS", "CHN", MILCOOP_RECORD=str(missing))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("assess", "RUS", "Chna"), "found state 'Chna', expected ISO3, COW code or a name.*; nearest: .*China"),
        (("events", "Росия", "CHN"), "found state 'Росия'.*; nearest: .*Россия"),
        (("figures", "RUS", ""), "found state ''"),
        (("assess", "RUS", "россия"), "found RUS twice; a dyad needs two different states"),
        (("mechanisms", "CHN", "710"), "found CHN twice"),
        (("assess", "RUS"), "Missing argument 'STATE'.*milcoop assess --help"),
        (("assess", "RUS", "CHN", "USA"), "unexpected extra argument"),
        (("assess", "RUS", "CHN", "--as-of", "2014-13"), "--as-of: '2014-13' is not a possible date; expected YYYY"),
        (("assess", "RUS", "CHN", "--as-of", "2014-00"), "--as-of: '2014-00' is not a possible date"),
        (("events", "RUS", "CHN", "--as-of", "yesterday"), "--as-of: 'yesterday' is not a date"),
        (("events", "RUS", "CHN", "--as-of", ""), "--as-of: '' is not a date"),
        (("assess", "RUS", "CHN", "--from", "2020", "--to", "2010"), "found --to 2010 before --from 2020"),
        (("events", "RUS", "CHN", "--from", "2020", "--to", "2010"), "found --to 2010-12-31 before --from 2020-01-01"),
        (("assess", "RUS", "CHN", "--from", "20144"), "found year 20144, expected a year from 1816"),
        (("assess", "RUS", "CHN", "--to", "20144"), "found year 20144"),
        (("assess", "RUS", "CHN", "--from", "last"), "'last' is not a valid integer"),
        (("events", "RUS", "CHN", "--from", "20144"), "--from: '20144' is not a date"),
        (("events", "RUS", "CHN", "--to", "2014-02-30"), "--to: '2014-02-30' is not a possible date"),
        (("assess", "RUS", "CHN", "--scale", "staged7"), "found scale 'staged7'.*nearest: staged-7"),
        (("events", "RUS", "CHN", "--family", "exercize"), "found family 'exercize'.*nearest: exercise"),
        (("events", "RUS", "CHN", "--type", "exercise.navel"), "found type 'exercise.navel'.*nearest: exercise.naval"),
        (("events", "RUS", "CHN", "--area", "bases"), "found area 'bases'.*nearest: basing"),
        (("events", "RUS", "CHN", "--rule", "exercise.3.yearly"), "found rule.*nearest: exercises.3.yearly"),
        (("figures", "RUS", "CHN", "--name", "trade_totals"), "found figure 'trade_totals'.*nearest: .*trade_total"),
        (("assess", "RUS", "CHN", "--format", "xml"), "'xml' is not one of 'table', 'json', 'csv'"),
        (("events", "RUS", "CHN", "--format", "xml"), "'xml' is not one of"),
        (("assess", "RUS", "CHN", "--fromm", "2010"), "No such option.*--fromm"),
        (("codebook", "exercise.navel"), "found term 'exercise.navel'.*nearest: exercise.naval"),
        (("explain", "joint-sea-2061"), "found id 'joint-sea-2061'.*nearest: .*joint-sea-2016"),
        (("explain", "CHN-RUS:exercises"), "expected AAA-BBB:area:year"),
        (("explain", "CHN-RUS:exercizes:2020"), "found area 'exercizes'.*nearest: exercises"),
        (("explain", "CHN-RUS:exercises:20200"), "found year 20200"),
        (("explain", "CHN-RUS:exercises:²"), "expected AAA-BBB:area:year"),
        (("explain", "CHN:exercises:2020"), "expected AAA-BBB:area:year"),
        (("asses", "RUS", "CHN"), "found command 'asses'.*nearest: assess"),
        (("report", "RUS", "CHN"), "Missing option '--out'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_arguments(arguments: tuple[str, ...], message: str) -> None:
    assert re.search(message, refused(*arguments))


@pytest.mark.parametrize("command", ["assess", "events", "figures", "mechanisms", "validate", "codebook"])
def test_a_missing_record_folder(tmp_path: Path, command: str) -> None:
    states = () if command in ("validate", "codebook") else ("RUS", "CHN")
    missing = tmp_path / "nowhere"
    assert f"found no folder at '{missing}'" in refused(command, *states, "--record", missing)
    assert f"found no folder at '{missing}'" in refused(command, *states, MILCOOP_RECORD=str(missing))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"events/a.yaml": "- id: x\n  date: [1, 2\n  type: y\n"}, "events/a.yaml:3: error: not valid YAML"),
        ({"events/a.yaml": b"- id: caf\xe9\n"}, "events/a.yaml:1: error: cannot be read as UTF-8"),
        ({"figures/a.yaml": "- id: x\n  name: y\n"}, "figures/a.yaml:1: error: x: key 'participants' is missing"),
        ({"searches/a.yaml": "just words\n"}, "searches/a.yaml:1: error: "),
        ({"codebook/series/a.yaml": "id: x\nmembres: [RUS]\n"}, "codebook/series/a.yaml:"),
        ({"codebook/nonsense/a.yaml": "id: x\n"}, "unknown folder 'nonsense'"),
    ],
)
def test_a_broken_record(tmp_path: Path, files: dict[str, str | bytes], message: str) -> None:
    write_layer(tmp_path, raw=files)
    assert message in refused("assess", "RUS", "CHN", "--record", tmp_path)
    assert message in refused("events", "RUS", "CHN", MILCOOP_RECORD=str(tmp_path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"participant": ["RUS"]}, "planted: unknown key 'participant'; nearest: participants"),
        ({"participants": "RUS"}, "planted: participants: "),
        ({"date": "2010-13"}, "'2010-13' is not a possible date"),
        ({"citations": {}}, "planted: citations: "),
        ({"citations": {"a": citation(publishr="x")}}, "planted: unknown key 'publishr'; nearest: publisher"),
        ({"fields": {"command": {"valu": "combined"}}}, "planted: unknown key 'valu'; nearest: value"),
    ],
)
def test_a_wrong_row(tmp_path: Path, change: dict[str, object], message: str) -> None:
    write_layer(tmp_path, events=[event_row(**change)])
    line = refused("events", "RUS", "CHN", "--record", tmp_path)
    assert message in line
    assert f"{tmp_path / 'events' / 'planted.yaml'}:" in line


@pytest.mark.parametrize(
    ("row", "arguments"),
    [
        (event_row(type="exercise.navl", **RUS_CHN), ("explain", "planted")),
        (event_row(type="nonsense", **RUS_CHN), ("report", "RUS", "CHN", "--out", "OUT", "--format", "html")),
        (event_row(series="nonsense", **RUS_CHN), ("report", "RUS", "CHN", "--out", "OUT", "--format", "html")),
        (event_row(fields={"n_parties": "many"}, **RUS_CHN), ("assess", "RUS", "CHN")),
        (
            event_row(type="agreement.treaty", status="in-force", fields={"in_force_from": "soon"}, **RUS_CHN),
            ("assess", "RUS", "CHN", "--scale", "korolev-8"),
        ),
        (
            event_row(citations={"a": event_row()["citations"]["a"] | {"url": "https://[bad/page"}}, **RUS_CHN),
            ("events", "RUS", "CHN"),
        ),
    ],
    ids=["type", "type in a report", "series", "number", "date", "address"],
)
def test_a_row_that_the_codebook_does_not_know(
    tmp_path: Path, row: dict[str, object], arguments: tuple[str, ...]
) -> None:
    """Right by the file format, wrong by the codebook: said with file and line before any work, never a traceback."""
    layer = write_layer(tmp_path / "layer", events=[row])
    made = [str(tmp_path / "out") if a == "OUT" else a for a in arguments]
    assert f"{layer / 'events' / 'planted.yaml'}:" in refused(*made, "--record", layer)
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    line = refusal("report", "RUS", "CHN", "--out", tmp_path / "file" / "out", "--format", "md")
    assert f"cannot write to folder '{tmp_path / 'file' / 'out'}'" in line
    assert (tmp_path / "file").read_text("utf-8") == "mine"
    assert "cannot write" in refused("report", "RUS", "CHN", "--out", tmp_path / "file", "--format", "md")


@pytest.mark.parametrize("formats", ["docx", "html,docx", ",", ""])
def test_unknown_report_formats(tmp_path: Path, formats: str) -> None:
    assert "expected of html, pdf, md" in refused("report", "RUS", "CHN", "--out", tmp_path / "o", "--format", formats)
    assert not (tmp_path / "o").exists()


def test_a_folder_without_fonts(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    out = tmp_path / "new" / "out"
    arguments = ("report", "RUS", "CHN", "--out", out, "--kind", "quicklook", "--format", "html,pdf")
    line = refused(*arguments, MILCOOP_FONTS=str(tmp_path / "fonts"))
    assert f"found no font in '{tmp_path / 'fonts'}'" in line
    assert "MILCOOP_FONTS" in line
    assert not (tmp_path / "new").exists()
    assert "found no font" in refused(*arguments, MILCOOP_FONTS=str(tmp_path / "absent"))


def test_an_error_of_a_report_is_one_line(tmp_path: Path) -> None:
    """Progress is for a terminal; in a pipe a refused report says one line, as every other command."""
    done = run("report", "RUS", "Chna", "--out", tmp_path / "o")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize("step", ["rendering html", "rendering pdf", "writing files"])
def test_a_killed_report_leaves_nothing_half_written(tmp_path: Path, step: str) -> None:
    arguments = [*MILCOOP, "report", "RUS", "CHN", "--out", str(tmp_path), "--kind", "summary", "--format", "html,pdf"]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if step in line:
                process.send_signal(signal.SIGKILL)
                break
        process.wait(60)
    assert process.returncode in (-signal.SIGKILL, 0)
    if step.startswith("rendering"):
        assert process.returncode == -signal.SIGKILL
        assert [p.name for p in tmp_path.iterdir()] == []
    # during the last step each file is whole or not there
    html, pdf = tmp_path / "summary.html", tmp_path / "summary.pdf"
    assert not html.exists() or html.read_text("utf-8").rstrip().endswith("</html>")
    assert not pdf.exists() or b"%%EOF" in pdf.read_bytes()[-32:]


def test_an_interrupted_report_says_nothing_more(tmp_path: Path) -> None:
    arguments = [*MILCOOP, "report", "RUS", "CHN", "--out", str(tmp_path / "o"), "--format", "html,pdf"]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "rendering html" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        process.wait(60)
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert not list(tmp_path.glob("o/*"))


def test_a_reader_that_stops_early_is_no_error() -> None:
    pipe = "set -o pipefail; " + " ".join([*MILCOOP, "events", "RUS", "CHN", "--format", "csv", "|", "head", "-1"])
    done = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, env=environment(), timeout=60, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("id,family,type")
