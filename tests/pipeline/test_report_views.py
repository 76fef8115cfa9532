"""A report by units as received and by today's successors, in a world that crosses 1/7/2025."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.reports.page.page import render_page
from assets.reports.reading.figures import CURRENT, Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.words import wording
from pipelines.cli.app import app
from tests.sql.test_units_reform import DIVIDED, FIGURES, PARTS, PERIOD, form
from tests.worlds import World

_REQUEST = Request(date.fromisoformat(PERIOD[0]), date.fromisoformat(PERIOD[1]), unit_view=CURRENT)


def _shown(figures: Figures) -> dict[str, dict[str, int]]:
    return {
        f"{row['unit_code']}@{2024 if row['valid_from'].year < 2025 else 2025}": {
            name: row[name] for name in FIGURES
        }
        for row in figures.form
    }


def _listed(figures: Figures) -> set[str]:
    return {row["unit_code"] for row in (*figures.late, *figures.overdue)}


def test_all_units_are_those_of_the_form_by_successor(divided: World) -> None:
    figures = read_figures(divided.engine, _REQUEST)
    assert _shown(figures) == form(divided, view="current")
    received = read_figures(divided.engine, replace(_REQUEST, unit_view="as_received"))
    assert _shown(received) == form(divided)
    assert figures.line == received.line
    assert figures.days == received.days
    # Every dossier counted late or overdue is in a list, whoever has it now.
    assert len(figures.late) == sum(row["resolved_late"] for row in figures.form)
    assert len(figures.overdue) == sum(row["pending_overdue"] for row in figures.form)


@pytest.mark.parametrize(
    ("code", "rows", "listed"),
    [
        # in use today: today's unit, with what it took over whole
        ("30502", ["30502@2025"], {"30502"}),
        # a commune that is gone: its successor
        ("30511", ["30502@2025"], {"30502"}),
        # a district: its communes' successors, and its own desk, which has none
        ("890", ["30502@2025", "890@2024"], {"30502"}),
        # a divided one: all that took a part of it, and so all of its dossiers
        (DIVIDED, sorted(f"{part}@2025" for part in PARTS), {DIVIDED}),
        # one of them: whose dossiers they are now, nobody knows
        (PARTS[0], [f"{PARTS[0]}@2025"], set()),
    ],
)
def test_codes_of_either_list(divided: World, code: str, rows: list[str], listed: set[str]) -> None:
    figures = read_figures(divided.engine, replace(_REQUEST, units=(code,)))
    every = form(divided, view="current")
    assert _shown(figures) == {unit: every[unit] for unit in rows}
    assert _listed(figures) == listed


@pytest.mark.parametrize("code", ["91", "89"])
def test_a_province_of_today_has_all_that_came_to_it(divided: World, code: str) -> None:
    """91 is An Giang now and was Kiên Giang; 89 was An Giang."""
    figures = read_figures(divided.engine, replace(_REQUEST, units=(code,)))
    assert _shown(figures) == form(divided, view="current")
    assert len(figures.late) == sum(row["resolved_late"] for row in figures.form)


def test_page_says_by_which_list_and_what_is_estimated(divided: World) -> None:
    figures = read_figures(divided.engine, _REQUEST)
    page = render_page(figures, "x.xlsx")
    assert "quy về đơn vị hành chính hiện nay" in page and "Xã Nhơn Hội (ước tính)" in page
    assert "mọi dòng đơn vị đều cân" in wording.unbalanced(figures)
    exact = read_figures(divided.engine, replace(_REQUEST, units=("30502",)))
    assert "ước tính" not in render_page(exact, "x.xlsx")
    assert "quy về" not in render_page(
        read_figures(divided.engine, replace(_REQUEST, unit_view="as_received")), "x.xlsx"
    )


def test_an_unknown_view_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["report", "--from", "2025-07-01", "--to", "2025-07-02", "--out", str(tmp_path), "--unit-view", "x"],
    )
    assert result.exit_code == 2
    assert "as_received, current" in result.output.replace("\n", " ")
