"""``milcoop watch`` as a user runs it: planted acts at the edge, a rule changed, JSON, CSV, feed, exit codes, refusals."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from milcoop.codebook.loader import bundled_folder, load_codebook
from milcoop.findings.watch.geometry import DEGREE_KM, Shape
from milcoop.workbench import open_workbench
from tests.command import refusal, run
from tests.layer import citation, event_row, write_layer

BOOK = load_codebook()
ATOM = "{http://www.w3.org/2005/Atom}"
WATCHED = {i.trigger.region: i.id for i in BOOK.indicators.values() if i.trigger.region}


def edge_point(name: str) -> tuple[float, float, float, float]:
    """A point on a region's edge and the unit normal there: (latitude, longitude, km north, km east)."""
    entry = BOOK.regions[name]
    if entry.circle is not None:
        return entry.circle.centre[0] + entry.circle.radius_km / DEGREE_KM, entry.circle.centre[1], 1.0, 0.0
    if entry.north_of is not None:
        return entry.north_of, 179.99, 1.0, 0.0
    (a, x), (b, y) = (
        ALASKA_EDGE if name == "alaska" else max(pairwise(entry.polygon), key=lambda e: abs(e[0][0] - e[1][0]))
    )
    lat, lon = (a + b) / 2, (x + y) / 2
    north, east = (b - a) * DEGREE_KM, (y - x) * DEGREE_KM * cos(radians(lat))
    return lat, lon, -east / hypot(north, east), north / hypot(north, east)


ALASKA_EDGE = ((50.0, 180.0), (50.0, 179.99))
"""A piece of the zone's southern edge that ends on the antimeridian."""


def beside(name: str, km: float) -> list[tuple[float, float]]:
    """The points so far from the edge on either side of it."""
    lat, lon, north, east = edge_point(name)
    points = []
    for side in (km, -km):
        there = lon + side * east / (DEGREE_KM * cos(radians(lat)))
        points.append((round(lat + side * north / DEGREE_KM, 6), round((there + 180) % 360 - 180, 6)))
    return points


def plant(folder: Path, points: dict[str, tuple[float, float]], precision: str = "site") -> Path:
    """A folder with one patrol at each point."""
    places = [
        {"id": f"at-{name}", "label": "Planted place", "lat": lat, "lon": lon, "precision": precision}
        for name, (lat, lon) in points.items()
    ]
    events = [
        event_row(id=f"patrol-{name}", type="operation.naval-patrol", date="2026-05-01", place=f"at-{name}",
                  citations={"a": citation(date="2026-05-03")})
        for name in points
    ]  # fmt: skip
    return write_layer(folder, events=events, codebook={"places/mine.yaml": places})


def watched(*arguments: str | Path) -> dict[str, Any]:
    done = run("watch", "BRA", "ARG", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_one_kilometre_inside_trips_and_one_outside_does_not(tmp_path: Path) -> None:
    """Every bundled region, the edge of one on the antimeridian; the sides are told apart by a point far inside."""
    sides = {name: beside(name, 1.0) for name in BOOK.regions}
    inside, outside = {}, {}
    for name, points in sides.items():
        first, second = sorted(points, key=lambda p: Shape(BOOK.regions[name]).inside_km(*p), reverse=True)
        inside[name], outside[name] = first, second
    assert inside["guam"][0] < outside["guam"][0] and inside["arctic"][0] > outside["arctic"][0]
    assert inside["alaska"][0] == pytest.approx(50.009, abs=1e-3)
    found = {f["id"]: f for f in watched("--record", plant(tmp_path / "in", inside))["findings"]}
    for region, name in WATCHED.items():
        one = found[f"watch.{name}"]
        assert f"patrol-{region}" in one["events"], name
        assert one["value"] >= 1 and "seen" in one["label"]
        assert f"undecided: patrol-{region}" not in one["note"]
    told = {f["id"]: f for f in watched("--record", plant(tmp_path / "out", outside))["findings"]}
    for region, name in WATCHED.items():
        assert f"patrol-{region}" not in told[f"watch.{name}"]["events"], name


def test_across_the_antimeridian(tmp_path: Path) -> None:
    points = {
        "west": (50.009, 179.9),
        "east": (50.009, -179.9),
        "south-west": (49.991, 179.9),
        "south-east": (49.991, -179.9),
    }
    found = {f["id"]: f for f in watched("--record", plant(tmp_path, points))["findings"]}
    assert set(found["watch.near-alaska"]["events"]) == {"patrol-west", "patrol-east"}


def test_a_vague_place_near_the_edge_cannot_be_told(tmp_path: Path) -> None:
    for precision in ("sea", "country"):
        folder = plant(tmp_path / precision, {"taiwan": (21.009, 119.5)}, precision)
        one = {f["id"]: f for f in watched("--record", folder)["findings"]}["watch.near-taiwan"]
        assert one["events"] == ["patrol-taiwan"]
        assert (one["value"], one["high"]) == (None, None)  # the pair was never searched, and no act is sure
        assert f"place too vague: Planted place, known to the {precision}" in one["note"]


def test_since_changes_the_exit_code_and_the_feed(tmp_path: Path) -> None:
    folder = plant(tmp_path / "mine", {"guam": (13.5, 144.8)})
    events = [event_row(id="escaped", type="exercise.air", title="Drill <b>&\"quoted\"</b> учение", date="2026-06-01",
                        place="guam", citations={"a": citation(url="https://example.org/?a=1&b=2", date="2026-06-02")})]  # fmt: skip
    write_layer(tmp_path / "mine", events=[*events, event_row(id="patrol-guam", type="operation.naval-patrol", date="2026-05-01", place="guam")])  # fmt: skip
    feed = tmp_path / "new" / "watch.atom"
    done = run("watch", "BRA", "ARG", "--record", folder, "--since", "2026-05-15", "--feed", feed)
    assert done.returncode == 1, done.stderr
    assert "Indicators tripped: near-guam" in done.stdout
    assert "2026-06-01 happened" in done.stdout
    assert "patrol-guam]" not in done.stdout.split("indicator ")[0]
    assert run("watch", "BRA", "ARG", "--record", folder, "--since", "2026-06-15").returncode == 0
    assert run("watch", "BRA", "ARG", "--since", "2026-05-15").returncode == 0
    assert run("watch", "BRA", "ARG", "--record", folder).returncode == 0

    text = feed.read_bytes()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == 'Exercises or patrols near Guam: Drill <b>&"quoted"</b> учение'
    assert [link.get("href") for link in entry.findall(f"{ATOM}link")] == ["https://example.org/?a=1&b=2"]
    for part in (root, entry):
        assert [len(part.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert (part.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "")
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated") == "2026-06-02T00:00:00Z"
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    again = tmp_path / "all.atom"
    assert run("watch", "ARG", "BRA", "--record", folder, "--feed", again).returncode == 0
    ids = [e.findtext(f"{ATOM}id") for e in ElementTree.fromstring(again.read_bytes()).findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 2
    assert entry.findtext(f"{ATOM}id") in ids


def test_a_rule_of_ones_own_changes_the_answer(tmp_path: Path) -> None:
    text = (bundled_folder() / "indicators" / "places.yaml").read_text("utf-8")
    own = text[text.index("- id: near-guam") : text.index("- id: around-japan")]
    points = {"guam": (13.5, 144.8)}
    assert own.count("growth: 1.6") == 1
    before = {
        f["id"]: f for f in watched("--record", plant(tmp_path / "a", points), "--as-of", "2026-11-22")["findings"]
    }
    folder = plant(tmp_path / "b", points)
    (folder / "codebook" / "indicators").mkdir()
    (folder / "codebook" / "indicators" / "mine.yaml").write_text(own.replace('"2028-12-31"', '"2026-01-01"'), "utf-8")
    after = {f["id"]: f for f in watched("--record", folder)["findings"]}
    assert (before["watch.tripped"]["value"], after["watch.tripped"]["value"]) == (1, 0)
    assert "expired" in after["watch.near-guam"]["label"]
    assert run("watch", "BRA", "ARG", "--record", folder, "--since", "2026-04-01").returncode == 0
    guam = own.replace("growth: 1.6", "growth: 3")
    (tmp_path / "c" / "codebook" / "indicators").mkdir(parents=True)
    (tmp_path / "c" / "codebook" / "indicators" / "mine.yaml").write_text(guam, "utf-8")
    workbench = open_workbench(tmp_path / "c")
    times = [
        p
        for i in workbench.watch(workbench.dyad("MNG", "URY")).readings
        if i.odds and i.id == "near-guam"
        for p in i.odds.paths
    ]
    assert times[0].judged == 3


def test_the_json_contract_and_csv() -> None:
    done = run("watch", "RUS", "CHN", "--format", "json")
    told = json.loads(done.stdout)
    assert list(told)[:3] == ["dyad", "as_of", "findings"]
    ids = {f["id"] for f in told["findings"]}
    assert {"watch.tripped", "watch.shift", "watch.shift.growth", "watch.shift.decline"} <= ids
    assert {f"watch.{i}" for i in BOOK.indicators} <= ids
    assert {f"watch.{i}.base-rate" for i in BOOK.indicators} <= ids
    workbench = open_workbench()
    assert {e for f in told["findings"] for e in f["events"]} <= set(workbench.events_by_id)
    for f in told["findings"]:
        if isinstance(f["value"], int | float) and f["low"] is not None:
            assert f["low"] <= f["value"] <= f["high"], f["id"]
    rows = list(csv.DictReader(io.StringIO(run("watch", "RUS", "CHN", "--format", "csv").stdout)))
    assert {r["id"] for r in rows} == ids


def test_a_vintage_knows_nothing_later() -> None:
    workbench = open_workbench(None, "2016-12-31")
    found = workbench.watch(workbench.dyad("RUS", "CHN"))
    assert found.reference.isoformat() == "2016-12-31"
    days = [s.on for r in found.readings for s in (*r.signs, *r.last)]
    assert max(days).isoformat() <= "2016-12-31"


def test_a_pair_that_was_never_searched() -> None:
    told = run("watch", "FRA", "PER").stdout
    assert told == "FRA-PER: not monitored: none of the families that indicators read was searched.\n"
    workbench = open_workbench()
    found = workbench.watch(workbench.dyad("FRA", "PER")).found
    assert {f.value for f in found.findings if f.id != "watch.tripped"} == {None}


def test_bad_arguments_are_one_line() -> None:
    assert "RU1" in refusal("watch", "RU1", "CHN")
    assert "2014-13" in refusal("watch", "RUS", "CHN", "--since", "2014-13")
    assert "after the record's end" in refusal("watch", "RUS", "CHN", "--since", "2030")
    assert "later year second" in refusal("watch", "RUS", "CHN", "--from", "2020", "--to", "2010")
    assert "cannot write" in refusal("watch", "RUS", "CHN", "--feed", "/dev/null/watch.atom")


def test_validate_finds_what_a_rule_of_ones_own_names_wrongly(tmp_path: Path) -> None:
    text = (bundled_folder() / "indicators" / "places.yaml").read_text("utf-8")
    own = text[text.index("- id: near-guam") : text.index("- id: around-japan")]
    folder = tmp_path / "codebook" / "indicators"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(
        own.replace("region: guam", "region: gaum").replace("exercise.naval", "exercise.navel"), "utf-8"
    )
    done = run("validate", "--record", tmp_path)
    assert done.returncode == 1
    assert "names unknown region 'gaum'" in done.stdout
    assert "selects unknown type 'exercise.navel'" in done.stdout


def test_examples_of_the_help_run(tmp_path: Path) -> None:
    text = run("watch", "--help").stdout.split("Examples:")[1]
    lines = [line.strip().split("   ")[0] for line in text.splitlines() if line.strip().startswith("milcoop")]
    assert len(lines) >= 4
    for line in lines:
        done = run(*line.split()[1:], cwd=tmp_path)
        assert done.returncode == 0 or ("--since" in line and done.returncode == 1), (line, done.stderr)
