"""What all commands share: how they speak, show progress and fail."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.errors import sentence

#: Progress and errors; standard output is for what was asked for.
errors = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

StageProgress = Callable[[str, int, int], None]
_STAGES = {
    "simulate": "Dựng tệp mẫu",
    "files": "Đọc tệp",
    "dossiers": "Dựng hồ sơ",
    "aggregates": "Tổng hợp",
}


@contextmanager
def progress_bars(quiet: bool = False) -> Iterator[StageProgress]:
    """A bar for each stage, on a terminal only; nothing of it is ever on standard output."""
    if quiet or not errors.is_terminal:
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors) as bars:
        tasks = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield told


def fail(error: BaseException, code: int = 1) -> NoReturn:
    """Says the error in one sentence and ends with the exit code."""
    if os.environ.get("MOTCUA_DEBUG"):
        traceback.print_exception(error)
    errors.print(f"Lỗi: {sentence(error)}", markup=False)
    sys.exit(code)
