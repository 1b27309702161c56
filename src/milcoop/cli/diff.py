"""``milcoop diff``: what changed between two records or vintages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.options import open_from
from milcoop.cli.output import emit_json, note

if TYPE_CHECKING:
    from milcoop.record.datasets import Dataset
    from milcoop.workbench import Workbench


VINTAGE_KEYS = frozenset({"coding", "citations"})
"""Keys of a dataset's rows that only tell its vintage."""


@click.command(
    "diff",
    epilog="""\b
Examples:
  milcoop diff 2021-12-31 2022-12-31        two vintages of the bundled record
  milcoop diff bundled my-record            what a folder of one's own changes
  milcoop diff old-package bundled          a package exported earlier against today's record
  milcoop diff 2021-12-31 bundled --format json
  milcoop diff register-2024 register-2025  two vintages of an imported dataset
  milcoop diff bundled my-record --out preview.html    what my folder changes, levels included, as a page""",
)
@click.argument("old")
@click.argument("new")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Also write a page with rows, sources and levels."
)
def command(old: str, new: str, format_: str, out: Path | None) -> None:
    """List what was added, corrected and withdrawn from OLD to NEW.

    Each is ``bundled``, a date (the vintage of the bundled record), a record folder, an exported package, or the folder
    of an imported dataset.
    """
    from milcoop.record.exchange.diff import diff_records, diff_rows

    datasets = [_dataset(side) for side in (old, new)]
    if datasets[0] is not None and datasets[1] is not None:
        note(f"{datasets[0].name}: vintage {datasets[0].vintage} to {datasets[1].vintage}")
        old_set, new_set = datasets[0], datasets[1]
        changes = tuple(
            change
            for kind in ("events", "figures")
            for change in diff_rows(kind, old_set.rows(kind), new_set.rows(kind), VINTAGE_KEYS)
        )
    else:
        before, after = _side(old), _side(new)
        changes = diff_records(before.record, after.record)
        if out is not None:
            from milcoop.record.exchange.write import write_files
            from milcoop.report.preview import render_preview

            groups = [c.row.get("participants") or c.row.get("dyad") or () for c in changes]
            page = render_preview(changes, after.level_changes(before, groups), old, new)
            write_files(out.parent, {out.name: page.encode()})
    if format_ == "json":
        emit_json([_as_json(c) for c in changes])
        return
    for c in changes:
        click.echo(f"{c.change:<10} {c.kind[:-1] if c.kind != 'searches' else 'search':<8} {c.id}: {c.title}")
        for key, before, after in c.keys:
            old_value, new_value = _differing(before, after)
            click.echo(f"             {key}: {_short(old_value)} -> {_short(new_value)}")
        if c.reason:
            click.echo(f"             because: {c.reason}")
    tally = Counter(c.change for c in changes)
    note(", ".join(f"{n} {what}" for what, n in sorted(tally.items())) or "no difference")


def _side(text: str) -> Workbench:
    if text == "bundled":
        return open_from(None)
    path = Path(text)
    if (path / "datapackage.json").is_file():
        return _package(path)
    return open_from(path) if path.is_dir() else open_from(None, text)


def _dataset(text: str) -> Dataset | None:
    """The dataset in a folder, or the only one of a record folder that holds nothing else."""
    from milcoop.record.datasets import open_dataset

    path = Path(text)
    held = [p.parent for p in sorted(path.glob("datasets/*/dataset.yaml"))]
    if (path / "dataset.yaml").is_file():
        return open_dataset(path)
    return open_dataset(held[0]) if len(held) == 1 and not (path / "events").is_dir() else None


def _package(folder: Path) -> Workbench:
    from milcoop.codebook.loader import load_codebook
    from milcoop.record.exchange.package import read_package
    from milcoop.record.loader import record_from_rows
    from milcoop.workbench import Workbench

    codebook = load_codebook()
    return Workbench(codebook, record_from_rows(read_package(folder), codebook))


def _as_json(change: Any) -> dict[str, Any]:
    keys = [{"key": k, "before": a, "after": b} for k, a, b in change.keys]
    return {
        "kind": change.kind,
        "id": change.id,
        "change": change.change,
        "title": change.title,
        "keys": keys,
        "reason": change.reason,
    }


def _differing(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two lists, the items that only one has; anything else whole."""
    if isinstance(before, list) and isinstance(after, list):
        return [i for i in before if i not in after], [i for i in after if i not in before]
    return before, after


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 100 else text[:97] + "..."
