"""Statements of reports declare what they need and make, and keep to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse_sql.sql_files import prepared, statements_of

_FOLDER = Path(__file__).parents[2] / "warehouse_sql" / "report"
_FILES = sorted(file.name for file in _FOLDER.glob("*.sql"))
_MADE = re.compile(r"create temporary (?:table|view) (?:if not exists )?([a-z_]+)")
_TEMPORARY = re.compile(r"\b((?:report|claim)_[a-z_]+)\b")
_ALL_MADE = {name for file in _FILES for name in _MADE.findall((_FOLDER / file).read_text(encoding="utf-8"))}


def _header(file: str) -> str:
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    first = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return " ".join(line.removeprefix("--").strip() for line in lines[:first])


def _code(file: str) -> str:
    return re.sub(r"--[^\n]*", "", (_FOLDER / file).read_text(encoding="utf-8"))


def _declared(header: str, word: str) -> set[str]:
    """The names behind a word, up to the next full stop: "Needs report_unit, report_sector." """
    named = re.search(rf"\b{word} (?!to\b)([^.]*)\.", header)
    if named is None:
        return set()
    return set(re.findall(r"\b[a-z_]+\b", re.sub(r"\([^)]*\)|, a JSON list.*", "", named[1]))) - {"and"}


@pytest.mark.parametrize("file", _FILES)
def test_a_statement_declares_the_tables_that_it_needs(file: str) -> None:
    code = _code(file)
    made = set(_MADE.findall(code))
    assert _declared(_header(file), "Needs") == set(_TEMPORARY.findall(code)) & _ALL_MADE - made


@pytest.mark.parametrize("file", _FILES)
def test_a_statement_declares_the_tables_that_it_makes(file: str) -> None:
    assert _declared(_header(file), "Makes") == set(_MADE.findall(_code(file)))


@pytest.mark.parametrize("file", _FILES)
def test_a_statement_declares_its_parameters(file: str) -> None:
    parameters: set[str] = set()
    for statement in statements_of((_FOLDER / file).read_text(encoding="utf-8")):
        parameters |= prepared(statement)[1]
    assert _declared(_header(file), "Parameters:") == parameters


def test_every_table_is_made_before_it_is_needed() -> None:
    from assets.reports.reading import read

    for files in ((*read._SHARED, *read._OWN), (*read._SHARED, *read._APART)):
        made: set[str] = set()
        for path in ("report/unit.sql", *files):
            file = path.removeprefix("report/")
            assert _declared(_header(file), "Needs") <= made, file
            made |= _declared(_header(file), "Makes")
