"""The house keeps its rules: imports downwards, documented, short files, no dyad in the code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "milcoop"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "misc", "helpers", "manager", "handler", "processor"}


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_imports_go_downwards_only() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes of a module, and public methods of those classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_"))


@pytest.mark.parametrize("path", [p for p in MODULES if p.stat().st_size], ids=name_of)
def test_every_public_module_and_function_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "the module"
    rows = path.name == "rows.py"  # classes there are the file format, described by their fields
    bare = [n.name for n in public(tree) if not ast.get_docstring(n) and not (rows and isinstance(n, ast.ClassDef))]
    assert bare == []


def test_files_are_short() -> None:
    texts = [
        *MODULES,
        *SOURCE.rglob("*.js"),
        *SOURCE.rglob("*.css"),
        *SOURCE.rglob("*.j2"),
        *ROOT.glob("tests/**/*.py"),
    ]
    long = {str(p.relative_to(ROOT)): n for p in texts if (n := p.read_text("utf-8").count("\n")) > 400}
    assert long == {}


def test_files_are_named_for_the_thing_in_them() -> None:
    assert {p.stem for p in MODULES} & FORBIDDEN_NAMES == set()


DYAD = re.compile(r"\b(RUS|CHN|Russia|China|Россия|Китай|俄罗斯|中国|俄|中)\b")


def strings_of_code(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are neither docstrings nor examples in help."""
    shown: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            shown.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.keyword) and node.arg in ("epilog", "help"):
            shown |= {id(n) for n in ast.walk(node.value)}
        if isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["QUESTIONS"]:
            shown |= {id(n) for n in ast.walk(node.value)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            shown.add(id(node.value))  # a string under an attribute
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in shown:
            yield node


def test_the_code_names_no_dyad() -> None:
    named = []
    for path in MODULES:
        for node in strings_of_code(ast.parse(path.read_text("utf-8"))):
            text = re.sub(r"e\.g\. \S+", "", node.value)  # an example in a message
            if DYAD.search(text):
                named.append((name_of(path), node.lineno, node.value))
    for path in (*SOURCE.rglob("*.js"), *SOURCE.rglob("*.j2"), *SOURCE.rglob("*.css")):
        if DYAD.search(path.read_text("utf-8")):
            named.append((name_of(path), 0, "asset"))
    assert named == []


@pytest.mark.parametrize(
    ("arguments", "late"),
    [
        (["--help"], {"numpy", "pandas", "altair", "typst", "vl_convert", "pydantic"}),
        (["events", "RUS", "CHN", "--format", "csv"], {"numpy", "pandas", "altair", "typst", "vl_convert"}),
    ],
)
def test_nothing_is_imported_before_it_is_needed(arguments: list[str], late: set[str]) -> None:
    """``milcoop --help`` answers at once; arrays, frames, charts and PDF setting are loaded only for what needs them."""
    code = (
        f"import sys; sys.argv = ['milcoop', *{arguments}]\n"
        "from milcoop.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted({late} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_errors_share_one_root() -> None:
    """Every exception class of the project stands in errors.py, drawn at its top, under one root."""
    drawn = ast.get_docstring(ast.parse((SOURCE / "errors.py").read_text("utf-8"))) or ""
    classes = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(
                "Error" in ast.unparse(b) or "Exception" in ast.unparse(b) for b in node.bases
            ):
                classes[node.name] = name_of(path)
    assert set(classes.values()) == {"errors.py"}
    assert all(name in drawn for name in classes)
