"""The benchmark with peers: what counts as the same answer, made-up worlds, lists as read by the peers, the page."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from tests.bench.peers.aims import aims
from tests.bench.peers.answers import Difference, DisagreementError, compare, differences, total
from tests.bench.peers.book import Book
from tests.bench.peers.formats import write_national
from tests.bench.peers.history import DAYS
from tests.bench.peers.lists import write_list
from tests.bench.peers.nightly import ROWS_OF_A_LIST, STATEMENTS, write_rolling, write_year
from tests.bench.peers.page import page
from tests.bench.peers.picture import picture
from tests.bench.peers.processes import run_process
from tests.bench.peers.world import (
    FIRST_EXPORT,
    SECTORS,
    START,
    UNITS,
    first_world,
    hand_over,
    names,
    next_day,
)

_BENCH = Path(__file__).parents[1] / "bench" / "peers"
_COUNTS = {"received": 9, "early": 3, "on_time": 2, "late": 1, "pending": 3, "overdue": 1}


def test_equal_answers_differ_in_nothing() -> None:
    form = {"Xã An Cư": _COUNTS, "Xã Núi Voi": _COUNTS | {"late": 0}}
    assert differences(form, dict(form)) == []
    assert compare("the form", form, dict(form)) == []


def test_each_figure_that_differs_is_named_with_its_unit() -> None:
    ours, theirs = {"Xã An Cư": _COUNTS}, {"Xã An Cư": _COUNTS | {"late": 2, "early": 2}}
    assert differences(ours, theirs) == [
        Difference("Xã An Cư", "early", 3, 2),
        Difference("Xã An Cư", "late", 1, 2),
    ]
    with pytest.raises(DisagreementError, match=r"the form: 2 figures differ: Xã An Cư, early: 3 and 2"):
        compare("the form", ours, theirs)


def test_figures_of_two_units_do_not_make_up_for_each_other() -> None:
    ours = {"Xã An Cư": _COUNTS, "Xã Núi Voi": _COUNTS}
    theirs = {"Xã An Cư": _COUNTS | {"pending": 4}, "Xã Núi Voi": _COUNTS | {"pending": 2}}
    assert total(ours) == total(theirs)
    with pytest.raises(DisagreementError, match="2 figures differ"):
        compare("the form", ours, theirs)


def test_a_unit_that_one_side_does_not_have_counts_as_nothing() -> None:
    nothing = dict.fromkeys(_COUNTS, 0)
    assert differences({"Xã An Cư": _COUNTS, "Xã Núi Voi": nothing}, {"Xã An Cư": _COUNTS}) == []
    assert len(differences({"Xã An Cư": _COUNTS}, {})) == len(_COUNTS)


def test_a_difference_is_let_pass_only_in_the_figure_that_is_explained() -> None:
    ours, theirs = {"Xã An Cư": _COUNTS}, {"Xã An Cư": _COUNTS | {"overdue": 3}}
    reasons = {"overdue": "the peers forget"}
    assert compare("the form", ours, theirs, reasons) == [
        "the form: `overdue` of 1 units differs by +2 altogether: the peers forget"
    ]
    with pytest.raises(DisagreementError, match="1 figures differ: Xã An Cư, late"):
        compare("the form", ours, {"Xã An Cư": _COUNTS | {"overdue": 3, "late": 5}}, reasons)


def test_two_empty_answers_are_no_agreement() -> None:
    with pytest.raises(DisagreementError, match="nothing is compared"):
        compare("the form", {}, {})


def test_the_same_arguments_give_the_same_world_and_the_next_day_changes_as_many_as_asked() -> None:
    named = names()
    assert (len(named.units), named.procedures["sector"].n_unique()) == (UNITS, SECTORS)
    world = first_world(2_000, named)
    assert world.equals(first_world(2_000, named))
    assert world["code"].is_unique().all()
    after, changed = next_day(world, DAYS[0], 100, named)
    assert (changed.height, changed["code"].is_unique().all()) == (100, True)
    assert after.height == world.height + 50
    kept = after.join(world, on="code", how="semi").sort("code")
    differ = kept.join(world, on=world.columns, how="anti", nulls_equal=True)
    assert differ.height == 50
    assert hand_over(after, 0.5)["status"].unique().to_list() == [10]


def test_our_reader_and_the_peers_read_a_list_alike(tmp_path: Path) -> None:
    named = names()
    world = first_world(500, named)
    file = write_list(tmp_path, world, FIRST_EXPORT, START.date(), named)
    reading = read_export(
        file.read_bytes(), load_sources()["angiang"], file.relative_to(tmp_path / "angiang").as_posix()
    )
    ours, theirs = reading.dossiers, _program("read_list").read_list(file)
    assert ours is not None
    assert (ours.height, theirs.height) == (500, 500)
    assert reading.exported_at == FIRST_EXPORT == theirs["exported_at"][0]
    for mine, other in (("dossier_code", "code"), ("unit_name", "unit"), ("status_raw", "status")):
        assert ours[mine].to_list() == theirs[other].to_list()
    for name in ("received_at", "due_at", "ended_at"):
        assert ours[name].to_list() == theirs[name].to_list()


def test_the_national_file_holds_the_accepted_dossiers_of_the_list(tmp_path: Path) -> None:
    named = names()
    world = first_world(500, named)
    file = write_national(tmp_path, world, FIRST_EXPORT, named)
    reading = read_export(
        file.read_bytes(), load_sources()["dvcqg"], file.relative_to(tmp_path / "dvcqg").as_posix()
    )
    accepted = world.filter(pl.col("received").is_not_null())
    assert reading.dossiers is not None
    for mine, other in (
        ("dossier_code", "code"),
        ("status", "status"),
        ("due_at", "due"),
        ("ended_at", "ended"),
    ):
        assert reading.dossiers[mine].to_list() == accepted[other].to_list()
    assert (reading.exported_at, reading.remarks) == (FIRST_EXPORT, [])


def test_rolling_lists_hold_the_dossiers_received_last_and_say_since_when_they_are_complete(
    tmp_path: Path,
) -> None:
    write_rolling(tmp_path, 3, names())
    files = sorted(tmp_path.rglob("*.csv"))
    read = [_program("read_list").read_list(file) for file in files]
    assert [rows.height for rows in read] == [ROWS_OF_A_LIST] * 3
    for file, rows in zip(files, read, strict=True):
        match = re.search(r"Từ ngày (\d\d)/(\d\d)/(\d{4})", file.read_text(encoding="utf-8-sig"))
        assert match is not None
        since = date(*(int(part) for part in match.groups()[::-1]))
        first = rows["received_at"].min()
        assert first is not None
        assert since == first.date() + timedelta(days=1)  # type: ignore[union-attr]


def test_a_year_of_lists_says_eight_things_of_each_dossier(tmp_path: Path) -> None:
    write_year(tmp_path, 20, names())
    read = pl.concat([_program("read_list").read_list(file) for file in sorted(tmp_path.rglob("*.csv"))])
    runs = read.sort("code", "exported_at").group_by("code").agg(pl.col("status").rle().len())
    assert runs.height == 20
    assert set(runs["status"]) == {STATEMENTS}


def test_the_page_says_which_aims_are_reached_and_what_was_not_measured(tmp_path: Path) -> None:
    book = Book(tmp_path / "results.json")
    book.about(
        {
            "dossiers": 1_000_000,
            "changes": 5_000,
            "lists": 1_500,
            "measured_on": "27/11/2026",
            "commit": "abc",
            "before": "",
        }
        | {"versions": {"dlt": "1"}, "processor": "a", "cores": 2, "memory_gb": 24.0}
    )
    book.put("load", ours=120.0, peers=60.0, floor=4.0)
    book.put("day", ours=30.0, peers=20.0)
    book.put("form_now", ours=0.123)
    book.note("something differs")
    written = page(json.loads((tmp_path / "results.json").read_text(encoding="utf-8")))
    rows = {cells[1].strip(): [cell.strip() for cell in cells[2:-1]] for cells in _cells(written)}
    listed = {aim.work: aim.title for aim in aims(1_000_000, 5_000, 1_500)}
    assert rows[listed["load"]] == ["2 × dlt + dbt", "120 s", "60.0 s (dlt + dbt)", "2.00", "yes"]
    assert rows[listed["day"]][-2:] == ["1.50", "no"]
    assert rows[listed["form_now"]][1:] == ["123 ms", "–", "0.41 of the aim", "yes"]
    assert rows[listed["demo"]] == ["0.5 × the older commit", "–", "–", "–", "–"]
    assert "* something differs." in written
    assert picture(book.content).count("nothing new") == 0
    assert picture(book.content).startswith("<svg")


def test_a_process_is_measured_with_the_memory_of_what_it_starts() -> None:
    child = "held = bytearray(150_000_000); import time; time.sleep(1)"
    command = [
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print(7)",
    ]
    run = run_process(command, os.environ)
    assert run.output == "7\n"
    assert run.seconds > 1
    assert 150 < run.python_mb < 300


def test_a_process_that_fails_ends_the_benchmark_with_its_words() -> None:
    with pytest.raises(SystemExit, match=r"ended with 1:(.|\n)*no such list"):
        run_process([sys.executable, "-c", "raise SystemExit('no such list')"], os.environ)


def test_the_pins_of_the_peers_are_exact_and_name_no_index() -> None:
    text = (_BENCH / "requirements.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def _cells(markdown: str) -> list[list[str]]:
    return [line.split("|") for line in markdown.splitlines() if line.startswith("|")]


def _program(name: str) -> ModuleType:
    """Returns a module of the peers' programs, which are no package of ours."""
    spec = importlib.util.spec_from_file_location(name, _BENCH / "programs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
