"""Names and docstrings of the code use the words of the field: docs/glossary.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_ROOMS = ("pipelines", "assets", "quality", "warehouse_sql")
#: A name says what a thing is: row, match, unit, message. These words do not.
_PRIVATE = {"told", "said", "found", "one", "anew", "beside"}
#: A column of the warehouse, which keeps its name.
_ALLOWED = {"limit_said"}
_PARTS = re.compile(r"_|(?<=[a-z])(?=[A-Z])")
_PROSE = re.compile(r"\banew\b|\bbrought on\b")
_CLAUSE = re.compile(rf"; whether (?:it|they) (?:did|does|do|was|were)\b|{_PROSE.pattern}")
#: Tests with old words still, and folders of tests.
_TESTS_NOT_YET = {
    "bench",
    "faults",
    "both_ways.py",
    "test_alerts.py",
    "test_attributes.py",
    "test_definition_switch.py",
    "test_encodings.py",
    "test_order_properties.py",
    "test_published.py",
    "test_readers_dvcqg.py",
    "test_readers_igate.py",
    "test_report_rows.py",
    "test_report_sections.py",
    "test_samples.py",
    "test_simulator.py",
    "test_stages.py",
    "test_units_resolved.py",
    "test_workbook.py",
    "worlds.py",
}
#: Names in SQL, in templates and in their script.
_NAMED = re.compile(
    r"\b(?:as|from|join|with|const|let|for|macro) (?:told|said|found|one)\b|\b(?:told|said|found|one)(?: as \(| =|\.\w)"
    r"|\(\[?(?:told|said|found|one)\b[^)]*\)? =>"
)
_LITERAL = re.compile(r"'[^']*'")
#: Migrations stay as they came.
_OTHERS = sorted(
    file
    for room in ("assets", "quality", "warehouse_sql")
    for ending in ("sql", "jinja", "js", "typ")
    for file in (_ROOT / room).rglob(f"*.{ending}")
    if "migrations" not in file.parts
)
_FILES = sorted(file for room in _ROOMS for file in (_ROOT / room).rglob("*.py"))


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yields the names that a file gives, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
            yield ast.get_docstring(node) or ""


def _private_names(source: str) -> list[str]:
    return [
        f"{line}: {name}"
        for line, name in _names(ast.parse(source))
        if name not in _ALLOWED and {part.lower() for part in _PARTS.split(name)} & _PRIVATE
    ]


@pytest.mark.parametrize("room", _ROOMS)
def test_a_name_says_what_a_thing_is(room: str) -> None:
    wrong = {
        str(file.relative_to(_ROOT)): names
        for file in _FILES
        if file.is_relative_to(_ROOT / room) and (names := _private_names(file.read_text(encoding="utf-8")))
    }
    assert not wrong


def test_a_name_in_a_test_does_so_too() -> None:
    """Sentences that name a test may have any word."""
    wrong = {
        str(file.relative_to(_ROOT)): names
        for file in sorted((_ROOT / "tests").rglob("*.py"))
        if not _TESTS_NOT_YET & set(file.parts)
        and (
            names := [
                name for name in _private_names(file.read_text(encoding="utf-8")) if ": test_" not in name
            ]
        )
    }
    assert not wrong


def test_a_docstring_says_in_a_sentence_what_comes_back() -> None:
    wrong = [
        f"{file.relative_to(_ROOT)}: {match[0]}"
        for file in _FILES
        for docstring in _docstrings(ast.parse(file.read_text(encoding="utf-8")))
        if (match := _CLAUSE.search(docstring))
    ]
    assert not wrong


def test_names_in_sql_and_templates_say_what_a_thing_is_as_well() -> None:
    wrong = [
        f"{file.relative_to(_ROOT)}: {line.strip()}"
        for file in _OTHERS
        for line in file.read_text(encoding="utf-8").splitlines()
        if _NAMED.search(_LITERAL.sub("", line.partition("--")[0])) or _PROSE.search(line)
    ]
    assert not wrong


def test_pages_of_the_docs_use_plain_words() -> None:
    pages = [*(_ROOT / "docs").rglob("*.md"), *_ROOT.glob("*.md")]
    assert not [page.name for page in pages if _PROSE.search(page.read_text(encoding="utf-8"))]


def test_a_private_word_is_seen_in_every_kind_of_name() -> None:
    source = "def read_told(one):\n    found = [said for said in one]\nclass Told: ...\nNOONE = 1\n"
    assert len(_private_names(source)) == 5


_OLD_NUMBERS = re.compile(
    r"""\brow\[["'](?:page|field)["']\]|^\s+(?:page|field): int\b|\b(?:by|of|in|un|level|unit|every)_fields?\b"""
)


def test_reports_number_units_and_sectors_under_these_names() -> None:
    wrong = [
        f"{file.relative_to(_ROOT)}: {line.strip()}"
        for file in sorted((_ROOT / "assets" / "reports").rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if _OLD_NUMBERS.search(line)
    ]
    for file in sorted((_ROOT / "warehouse_sql" / "report").glob("*.sql")):
        code = (line.partition("--")[0] for line in file.read_text(encoding="utf-8").splitlines())
        wrong += [f"{file.name}: {line.strip()}" for line in code if re.search(r"\b(?:page|field)\b", line)]
    assert not wrong
