"""A made-up record of any size, for measuring cost only: its events never happened and its pair is chosen for having none."""

from __future__ import annotations

import random
from pathlib import Path

TYPES = (
    "exercise.naval", "exercise.land", "exercise.air", "operation.naval-patrol", "consultation.ministers",
    "consultation.leaders", "agreement.memorandum", "transfer.delivery", "education.training", "basing.port-call",
    "policy.shared-concern", "confidence.inspection",
)  # fmt: skip
LEVELS = ("leader", "minister", "chief-of-staff", "working-group")
DOMAINS = ("sea", "air", "land", "multi")


def write_synthetic_record(folder: Path, n_events: int) -> None:
    """Write ``n_events`` events of 1989 to 2026 and full coverage for the pair AUS-NZL below ``folder``."""
    rng = random.Random(n_events)
    (folder / "events").mkdir()
    (folder / "searches").mkdir()
    rows = [_event(i, rng) for i in range(n_events)]
    (folder / "events" / "made-up.yaml").write_text("".join(rows), "utf-8")
    families = sorted({t.partition(".")[0] for t in TYPES} | {"command", "technology", "posture", "statement"})
    searches = "".join(
        f'- {{id: made-up-{i}, dyad: [AUS, NZL], families: [{", ".join(families)}], years: "1989/2026", '
        f"language: en, query: made up {i}, on: 2026-11-22, came_back: made up}}\n"
        for i in range(3)
    )
    (folder / "searches" / "made-up.yaml").write_text(searches, "utf-8")


def _event(i: int, rng: random.Random) -> str:
    kind = rng.choice(TYPES)
    day = f"{rng.randint(1989, 2026)}-{rng.randint(1, 10):02d}-{rng.randint(1, 28):02d}"
    status = {"transfer": "delivered", "agreement": "signed", "policy": "made"}.get(kind.partition(".")[0], "held")
    fields = ""
    if kind.startswith(("exercise", "operation")):
        fields = f'  fields: {{domain: {rng.choice(DOMAINS)}, live_fire: "{rng.choice(("yes", "no"))}"}}\n'
    elif kind.startswith("consultation"):
        fields = f"  fields: {{level: {rng.choice(LEVELS)}}}\n"
    return (
        f"- id: made-up-{i}\n  type: {kind}\n  title: Made-up act {i}\n  participants: [AUS, NZL]\n  date: {day}\n"
        f"  status: {status}\n{fields}  coding: made up\n"
        f'  citations: {{a: {{url: "https://example.org/{i}", publisher: Example, title: Page {i}, date: {day}, '
        f"language: en, accessed: 2026-11-22}}}}\n"
    )


def write_synthetic_register(folder: Path, deals: int) -> Path:
    """A file of the form of SIPRI's trade register with this many deals among ten states; returns its path."""
    states = ("China", "Russia", "India", "Pakistan", "France", "Germany", "Japan", "Viet Nam", "UAE", "Turkiye")
    lines = [
        "Transfers of major conventional arms", "", "Source: SIPRI Arms Transfers Database (c) SIPRI.", "Data generated: 13 Mar 2025 10:02:49 AM", "",
        "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
        "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons",
    ]  # fmt: skip
    for i in range(deals):
        year = 1950 + i % 74
        receiver, giver = states[i % 10], states[(i + 1 + i // 10 % 9) % 10]
        lines.append(
            f"{receiver},{giver},{year},?,{i % 90},,Model-{i % 700},FGA aircraft,{i % 80},,{year + 1}; {year + 2},New,"
            f'"Part of a deal, variant {i}",12.5,{i % 900},{i % 800}'
        )
    path = folder / "register.csv"
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return path
