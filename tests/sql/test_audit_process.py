"""The audit asked in a process of its own: the same answer, whatever becomes of the process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from sqlalchemy import Engine, text

from assets.exports.staging import empty_staging
from quality.audit import Audit, audit_staged
from quality.audit_process import AuditProcess

_FILES = {0: "igate/a.json"}
_START = AuditProcess.start
_LEAVE = """
import os
from quality.audit_process import AuditProcess
process = AuditProcess()
process.start()
print(process._helper.pid, flush=True)
os.kill(os.getpid(), 9)
"""
_ENDS_WITHIN_SECONDS = 60


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[AuditProcess]:
    """One as in a command that has not imported Great Expectations."""
    monkeypatch.setattr(AuditProcess, "start", _START)
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    started = AuditProcess()
    yield started
    started.close()


def _failing_rows(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        empty_staging(connection)
        connection.execute(
            text(
                "insert into landing.staged_row (staged_id, file_no, kind, source, exported_at, row_number)"
                " select n, 0, 'dossiers', 'dvcqg', '2023-07-19', n from generate_series(1, 12) as n"
            )
        )


def _asked(warehouse: Engine, process: AuditProcess) -> Audit:
    return audit_staged(warehouse, _FILES, observed_by=process.observe)


def test_a_process_of_its_own_sees_what_this_one_sees_and_is_gone_then(
    warehouse: Engine, process: AuditProcess
) -> None:
    _failing_rows(warehouse)
    process.start()
    assert process._helper is not None
    started = psutil.Process(process._helper.pid)
    process.start()
    assert process._helper.pid == started.pid
    seen = _asked(warehouse, process)
    assert "great_expectations" not in sys.modules
    assert not started.is_running()
    here = audit_staged(warehouse, _FILES)
    assert seen == here
    assert {finding.rule.id: len(finding.examples) for finding in seen.findings}["missing_code"] == 5


@pytest.mark.parametrize("dies", [True, False])
def test_where_the_process_died_or_none_was_started_the_answer_is_the_same(
    warehouse: Engine, process: AuditProcess, dies: bool
) -> None:
    _failing_rows(warehouse)
    if dies:
        process.start()
        assert process._helper is not None
        psutil.Process(process._helper.pid).kill()
    assert _asked(warehouse, process) == audit_staged(warehouse, _FILES)


def test_what_can_not_be_asked_there_is_raised_here(warehouse: Engine, process: AuditProcess) -> None:
    _failing_rows(warehouse)
    with warehouse.begin() as connection:
        connection.execute(text("alter table landing.staged_flag rename to away"))
    with pytest.raises(RuntimeError, match="could not be audited"):
        _asked(warehouse, process)


def test_a_process_that_nobody_asked_ends_with_its_run() -> None:
    killed = subprocess.run([sys.executable, "-c", _LEAVE], capture_output=True, text=True, check=False)
    assert killed.returncode == -9
    pid = int(killed.stdout)
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(_ENDS_WITHIN_SECONDS)
    assert not psutil.pid_exists(pid)


def test_where_no_process_can_be_started_this_one_asks(
    warehouse: Engine, process: AuditProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Cannot allocate memory")

    _failing_rows(warehouse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    process.start()
    assert _asked(warehouse, process) == audit_staged(warehouse, _FILES)
