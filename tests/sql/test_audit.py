"""The audit of staged rows by Great Expectations, on rows that the gate should not have let pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from assets.exports import intake
from assets.exports.staging import empty_staging
from quality.audit import Audit, AuditFailedError, Example, Finding, audit_staged
from quality.catalogue import Rule, staged_rules
from quality.data_docs import INDEX, MOST_RUNS, write_page
from quality.gate import judge
from tests.worlds import World, provincial
from warehouse_sql.boundaries import passes

_FILES = {0: "dvcqg/a.json"}
_STATED = "select count(*) from history.dossier_version"
_ROW: dict[str, Any] = {
    "kind": "dossiers",
    "source": "dvcqg",
    "exported_at": "2023-07-19 18:30",
    "dossier_code": "000.26.33.H01-230717-0001",
    "status": 10,
    "status_raw": "10",
    "received_at": "2023-07-17 09:00",
    "due_at": "2023-07-18 09:00",
    "ended_at": "2023-07-17 15:00",
    "returned_at": "2023-07-18 08:00",
}


def _stage(engine: Engine, *changes: dict[str, Any], judged: bool = True) -> None:
    with engine.begin() as connection:
        empty_staging(connection)
        for number, change in enumerate(changes):
            row = _ROW | {"staged_id": number, "row_number": number + 1} | change
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"insert into landing.staged_row ({names}) values ({marks})"), row)
        if judged:
            judge(connection)


def _failing(audit: Audit) -> dict[str, int]:
    return {finding.rule.id: finding.failing for finding in audit.findings if finding.failing}


@pytest.mark.both_servers
def test_what_the_gate_refused_is_not_audited_and_what_it_flagged_stops_nothing(warehouse: Engine) -> None:
    _stage(
        warehouse, {}, {"dossier_code": "HS/1"}, {"dossier_code": "000.26.33.H01-230717-0002", "due_at": None}
    )
    audit = audit_staged(warehouse, _FILES)
    assert (audit.ok, audit.rows) == (True, 2)
    assert _failing(audit)["missing_due"] == 1
    assert "malformed_code" not in _failing(audit)
    assert [finding.rule.id for finding in audit.findings] == [
        rule.id for rule in staged_rules("reject", "block", "flag")
    ]


@pytest.mark.both_servers
@pytest.mark.parametrize(
    ("change", "rule", "field", "value"),
    [
        ({"dossier_code": "HS/1"}, "malformed_code", "dossier_code", "HS/1"),
        ({"dossier_code": None}, "missing_code", "dossier_code", None),
        ({"received_at": None}, "missing_received", "received_at", None),
        ({"status": None, "status_raw": "99"}, "unknown_status", "status", "99"),
    ],
)
def test_a_row_that_slipped_through_the_gate_stops_the_run(
    warehouse: Engine, change: dict[str, Any], rule: str, field: str, value: str | None
) -> None:
    _stage(warehouse, {}, change, judged=False)
    audit = audit_staged(warehouse, _FILES)
    (stopping,) = [finding for finding in audit.findings if finding.stops]
    assert (audit.ok, stopping.rule.id, stopping.failing) == (False, rule, 1)
    (example,) = stopping.examples
    assert (example.file, example.row_number, example.field, example.value) == (_FILES[0], 2, field, value)
    shown = str(AuditFailedError(audit))
    assert rule in shown and "dvcqg/a.json dòng 2" in shown and "\n" not in shown


@pytest.mark.long
def test_many_failing_rows_are_counted_and_few_are_shown(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        empty_staging(connection)
        connection.execute(
            text(
                "insert into landing.staged_row (staged_id, kind, source, exported_at, row_number, flags)"
                " select n, 'dossiers', 'dvcqg', '2023-07-19', n, '{missing_due}' from generate_series(1, 2500) as n"
            )
        )
        connection.execute(
            text(
                "insert into landing.staged_flag (rule_id, staged_id)"
                " select 'missing_due', staged_id from landing.staged_row where staged_id <= 1000"
            )
        )
    audit = audit_staged(warehouse, _FILES)
    actual = {finding.rule.id: finding for finding in audit.findings}
    assert (actual["missing_code"].failing, len(actual["missing_code"].examples)) == (2500, 5)
    assert (actual["missing_due"].failing, len(actual["missing_due"].examples)) == (2500, 5)


def test_what_the_audit_needs_is_got_ready_while_rows_are_judged_and_only_then(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    in_main_thread: list[bool] = []

    def work() -> None:
        in_main_thread.append(threading.current_thread() is threading.main_thread())
        raise RuntimeError("what goes wrong here goes wrong in the audit, too")

    assert world.run(prepare_audit=work).files_loaded == 0 and in_main_thread == []
    world.say_provincial("2023-07-17 18:30", provincial())
    assert world.run(prepare_audit=work).rows_loaded == 1 and in_main_thread == [False]
    assert world.run(prepare_audit=work).files_loaded == 0 and in_main_thread == [False]


@pytest.mark.parametrize(("files", "is_ready_while_reading"), [(1, True), (5, False)])
def test_of_few_files_the_audit_is_got_ready_while_they_are_read_of_many_when_all_are(
    warehouse: Engine, tmp_path: Path, files: int, is_ready_while_reading: bool
) -> None:
    world = World(warehouse, tmp_path)
    ready = threading.Event()
    for day in range(files):
        world.say_provincial(f"2023-07-{17 + day} 18:30", provincial(f"000.26.33.H01-230717-{day:04}"))
    seen: list[bool] = []

    def read(_: int, __: int) -> None:
        seen.append(ready.wait(10 if is_ready_while_reading else 0))

    assert world.run(prepare_audit=ready.set, progress=read).files_loaded == files
    assert any(seen[:files]) == is_ready_while_reading and ready.is_set()


def test_rows_are_taken_in_beside_the_audit_and_nobody_sees_them_before_it_has_ended(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    before, seen = passes["file.taken_in"], []

    def audit(_: Mapping[int, str]) -> None:
        until = time.monotonic() + 30
        while passes["file.taken_in"] == before and time.monotonic() < until:
            time.sleep(0.01)
        seen.append((passes["file.taken_in"] - before, world.ask(_STATED)))

    assert world.run(audit=audit).rows_loaded == 1
    assert (seen, world.ask(_STATED)) == ([(1, [(0,)])], [(1,)])


def test_what_the_audit_stops_is_why_it_could_not_be_published_and_leaves_nothing_behind(
    warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    stops = True

    def audit(_: Mapping[int, str]) -> None:
        if stops:
            raise PermissionError("stopped")

    def failing(error: Exception) -> Callable[..., None]:
        def publish(*_: object) -> None:
            raise error

        return publish

    with pytest.raises(PermissionError):
        world.run(audit=audit)
    with monkeypatch.context() as patched:
        # Without a server there is no audit, and a run is tried again.
        patched.setattr(
            intake, "publish", failing(DBAPIError("select", {}, psycopg.OperationalError("gone")))
        )
        with pytest.raises(DBAPIError, match="gone"):
            world.run(audit=audit)
        patched.setattr(intake, "publish", failing(ValueError("not published")))
        with pytest.raises(PermissionError) as stopped:
            world.run(audit=audit)
        assert isinstance(stopped.value.__cause__, ValueError)
        stops = False
        with pytest.raises(ValueError, match="not published"):
            world.run(audit=audit)
    tables = ("landing.export_file", "history.dossier_version", "core.fct_dossier")
    assert [world.ask(f"select count(*) from {table}") for table in tables] == [[(0,)]] * 3
    assert world.run(audit=audit).rows_loaded == 1


def test_a_rule_that_a_person_let_through_stops_nothing_but_only_if_it_blocks(warehouse: Engine) -> None:
    sql = "select staged_id, 'status' as field, status::text as value from landing.staged_row"
    block = Rule("all_wrong", "block", "c", "Sai.", "Wrong.", "s", ("status",), sql)
    _stage(warehouse, {})
    assert not audit_staged(warehouse, _FILES, rules=[block]).ok
    assert audit_staged(warehouse, _FILES, accepted=["all_wrong"], rules=[block]).ok
    reject = Rule("all_wrong", "reject", "c", "Sai.", "Wrong.", "s", ("status",), sql)
    assert not audit_staged(warehouse, _FILES, accepted=["all_wrong"], rules=[reject]).ok


def test_a_rule_that_cant_be_run_is_no_pass(warehouse: Engine) -> None:
    _stage(warehouse, {})
    broken = Rule(
        "broken", "block", "c", "Sai.", "Wrong.", "s", (), "select staged_id, no_such as field from x"
    )
    with pytest.raises(RuntimeError, match="broken could not be audited"):
        audit_staged(warehouse, _FILES, rules=[broken])


def test_it_leaves_no_connection_behind(warehouse: Engine) -> None:
    _stage(warehouse, {})
    audit_staged(warehouse, _FILES)
    warehouse.dispose()
    with warehouse.connect() as connection:
        assert (
            connection.execute(
                text("select count(*) from pg_stat_activity where datname = current_database()")
            ).scalar_one()
            == 1
        )


def test_great_expectations_is_not_imported_where_nothing_came(warehouse_url: str) -> None:
    script = (
        "import sys; from quality.audit import audit_staged; from warehouse_sql.engine import open_engine\n"
        "audit = audit_staged(open_engine(sys.argv[1]), {})\n"
        "assert (audit.ok, audit.rows) == (True, 0)\n"
        "assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, warehouse_url], check=True)


class _Addresses(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe")
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def test_pages_are_kept_of_the_last_runs_and_fetch_nothing(tmp_path: Path) -> None:
    rule = staged_rules("reject")[0]
    bad = Audit(3, (Finding(rule, 1, (Example("a<b>.json", None, 2, None, "f", "<script>"),)),))
    first = datetime(2026, 11, 25, 6, 0)
    for number in range(MOST_RUNS + 3):
        page = write_page(
            tmp_path, bad if number % 2 else Audit(3, (Finding(rule, 0),)), first + timedelta(days=number)
        )
    assert len(list(tmp_path.glob("2*.html"))) == len(list(tmp_path.glob("*.json"))) == MOST_RUNS
    index = (tmp_path / INDEX).read_text(encoding="utf-8")
    linked = _Addresses(index).found
    assert linked[0] == page.name and len(linked) == MOST_RUNS
    assert all((tmp_path / name).is_file() for name in linked)
    assert "Không đạt</span>: missing_code" in index
    for file in tmp_path.glob("*.html"):
        content = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|@import|url\(", content)
        _Addresses(content)
    assert "&lt;script&gt;" in (tmp_path / linked[1]).read_text(encoding="utf-8")


def test_what_a_killed_run_left_of_its_page_goes_after_an_hour_but_not_what_another_is_writing(
    tmp_path: Path,
) -> None:
    left = [tmp_path / name for name in (".20261125T060000000000.html.part", "20261125T060000000000.html")]
    being_written = [
        tmp_path / name for name in (".20261126T060000000000.html.part", "20261126T060000000000.html")
    ]
    for file in (*left, *being_written):
        file.touch()
    for file in left:
        os.utime(file, (time.time() - 2 * 3600,) * 2)
    page = write_page(tmp_path, Audit(3, ()), datetime(2026, 11, 27, 6, 0))
    assert {*tmp_path.iterdir()} == {*being_written, page, page.with_suffix(".json"), tmp_path / INDEX}
