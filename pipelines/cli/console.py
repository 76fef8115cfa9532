"""What all commands share: how they speak, show progress and fail."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NoReturn

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from pipelines.cli.language import error_line
from pipelines.errors import print_trace, sentence
from pipelines.json_logs import LogFormat, is_json, json_line, logging_as_json
from pipelines.settings import Settings, is_debugging
from warehouse_sql.engine import open_engine
from warehouse_sql.masking import masked
from warehouse_sql.messages import Message, message, spoken
from warehouse_sql.messages.system import system_reason
from warehouse_sql.migrate import migrate

#: Progress and errors; standard output is for what was asked for.
errors = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

# Of this command: each runs in a context of its own.
_speaks_json: ContextVar[bool] = ContextVar("speaks_json", default=False)
_USAGE = 2
_YES = {"c", "có", "co", "y", "yes"}
_NO = {"", "k", "không", "khong", "n", "no"}
#: How long a command that writes waits for another to end.
LOCK_WAIT_SECONDS = 5
_ENDLESS = 10**6  # columns, where no terminal ends a line

StageProgress = Callable[[str, int, int], None]
_STAGES = {
    "simulate": message("Dựng tệp mẫu"),
    "files": message("Đọc tệp"),
    "dossiers": message("Dựng hồ sơ"),
    "aggregates": message("Tổng hợp"),
    "backtest": message("Thử các cách"),
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

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(spoken(_STAGES.get(stage, stage)), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def open_warehouse(settings: Settings) -> Engine:
    """Returns the warehouse of the settings, brought to the schema of this version."""
    engine = open_engine(settings.url())
    migrate(engine, settings.warehouse_role_prefix())
    return engine


class GivenFileError(ValueError):
    """A file named on the command line can't be opened. The message is one Vietnamese sentence."""


def content_of(file: Path) -> bytes:
    """Returns the bytes of a file named on the command line."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise GivenFileError(
            message(
                "{file}: không mở được tệp ({reason}); hãy kiểm tra đường dẫn và quyền đọc.",
                file=file,
                reason=system_reason(error),
            )
        ) from error


def first_line(file: Path) -> str:
    """Returns the first line of a file named on the command line, such as a password."""
    return content_of(file).decode("utf-8", errors="replace").split("\n", 1)[0].rstrip("\r")


def agreed(question: str) -> bool:
    """Returns the answer of whoever sits at the terminal; without one the command ends as wrongly used."""
    if not sys.stdin.isatty():
        reason = message(
            "Chưa ghi gì, vì không chạy trong cửa sổ lệnh nên không hỏi lại được; hãy thêm --yes để ghi."
        )
        warn(error_line(reason))
        raise typer.Exit(_USAGE)
    if _answer(spoken(message("{question} [c/K]: ", question=question))):
        return True
    say(message("Không ghi gì."))
    return False


def _answer(prompt: str) -> bool:
    """Yes or no in either language; no answer is no."""
    while True:
        given = unicodedata.normalize("NFC", input(prompt)).strip().casefold()
        if given in _YES or given in _NO:
            return given in _YES
        warn(message("Hãy trả lời c (có) hoặc k (không)."))


def say(text: str) -> None:
    """A line of what was asked for, on standard output, in the language of the process."""
    out.print(masked(spoken(text)), markup=False)


def warn(text: str, level: str = "warning") -> None:
    """A line for the person at the terminal, on standard error, in the language of the process; or JSON, see `logs`."""
    if _speaks_json.get():
        print(json_line(level, spoken(text)), file=sys.stderr, flush=True)
    else:
        errors.print(masked(spoken(text)), markup=False)


@contextmanager
def logs(wanted: LogFormat) -> Iterator[None]:
    """What a command that nobody watches writes to standard error is JSON from now on, where that is wanted or no terminal.

    It stays so to the end of the command: errors are written as JSON, too.
    """
    if not is_json(wanted):
        yield
        return
    _speaks_json.set(True)
    with logging_as_json():
        yield


def show_rows(heads: Sequence[str], rows: Iterable[Sequence[str]], unbroken: Collection[int] = ()) -> None:
    """Rows under their headings, with messages in the language of the process; some columns never wrap."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(spoken(head), overflow="fold", no_wrap=number in unbroken)
    for row in rows:
        table.add_row(*(Text(spoken(cell) if isinstance(cell, Message) else cell) for cell in row))
    print_table(table)


def print_table(table: Table) -> None:
    """A table as wide as the terminal; where there is none, as wide as its rows: nothing is cut or folded for a program
    that reads it.
    """
    if out.is_terminal:
        out.print(table)
        return
    endless = Console(width=_ENDLESS)
    needed = Measurement.get(endless, endless.options, table).maximum
    Console(width=needed).print(table)


def fits(table: Table) -> bool:
    """Returns False on a terminal that is narrower than the table's rows."""
    if not out.is_terminal:
        return True
    endless = Console(width=_ENDLESS)
    return Measurement.get(endless, endless.options, table).maximum <= out.width


def fail(error: BaseException, code: int = 1) -> NoReturn:
    """Says the error in one sentence and ends with the exit code."""
    if is_debugging():
        print_trace(error)
    warn(error_line(sentence(error)), "error")
    sys.exit(code)
