"""Work done by a copy of this process: done when the body is, and what goes wrong in it is raised here."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from assets.reports.issue.meanwhile import meanwhile


def test_the_work_is_done_when_the_body_is(tmp_path: Path) -> None:
    with meanwhile(lambda: (tmp_path / "ra").write_text(str(os.getpid()))):
        pass
    assert (tmp_path / "ra").read_text() != str(os.getpid())


def test_what_goes_wrong_in_the_work_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), meanwhile(lambda: (tmp_path / "không có" / "ra").write_text("1")):
        pass


def test_what_goes_wrong_in_the_body_ends_the_work(tmp_path: Path) -> None:
    reader, writer = os.pipe()

    def work() -> None:
        os.close(reader)
        os.write(writer, b"1")
        time.sleep(600)

    with pytest.raises(ZeroDivisionError), meanwhile(work):
        os.read(reader, 1)
        raise ZeroDivisionError
    os.close(writer)
    # Nobody writes to it any more.
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_a_work_that_dies_is_done_again(tmp_path: Path) -> None:
    ours = os.getpid()

    def work() -> None:
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        (tmp_path / "ra").write_text("1")

    with meanwhile(work):
        pass
    assert (tmp_path / "ra").read_text() == "1"


def test_a_work_that_does_not_end_is_given_up_and_done_here(tmp_path: Path) -> None:
    ours = os.getpid()

    def work() -> None:
        if os.getpid() != ours:
            (tmp_path / "copy").write_text(str(os.getpid()))
            time.sleep(600)
        (tmp_path / "ra").write_text("1")

    with meanwhile(work, patience=0.5):
        pass
    assert (tmp_path / "ra").read_text() == "1"
    assert not psutil.pid_exists(int((tmp_path / "copy").read_text()))
