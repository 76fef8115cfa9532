"""The application: commands, exit codes, and errors as one sentence.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped by the quality gate.
"""

from __future__ import annotations

import sys
from contextvars import copy_context
from importlib.metadata import version as version_of
from typing import Annotated

import typer
from pydantic import ValidationError
from typer._click.exceptions import ClickException
from typer.main import get_command

from pipelines.cli import (
    alerts,
    archive,
    board,
    demo,
    dictionary,
    explain,
    export,
    findings,
    health,
    metrics,
    preview,
    procedures,
    quarantine,
    query,
    report,
    run,
    simulate,
    status,
    targets,
    ui,
    warehouse,
    worker,
)
from pipelines.cli.console import fail, warn
from pipelines.cli.language import OPTION, choose_language, in_language, print_usage_error, wrong_setting
from pipelines.errors import mask_logs
from pipelines.settings import Settings, asked_language, is_completing, mask_environment, unknown_variables
from warehouse_sql.messages import message


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"motcua {version_of('motcua')}")
        raise typer.Exit


app = typer.Typer(
    name="motcua",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("simulate")(simulate.simulate)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("health")(health.health)
app.command("metrics")(metrics.metrics)
app.command("explain")(explain.explain)
app.command("sql")(query.sql)
app.command("dictionary")(dictionary.dictionary)
app.command("export")(export.export)
app.command("preview")(preview.preview)
app.add_typer(alerts.app, name="alerts")
app.add_typer(archive.app, name="archive")
app.add_typer(board.app, name="board")
app.add_typer(findings.app, name="findings")
app.add_typer(procedures.app, name="procedures")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(report.app, name="report")
app.add_typer(targets.app, name="targets")
app.add_typer(warehouse.app, name="warehouse")
app.command("ui")(ui.ui)
app.command("worker")(worker.worker)


@app.callback()
def motcua(
    lang: Annotated[
        str | None,
        typer.Option(
            OPTION, metavar="vi|en", help="Ngôn ngữ của mọi thông báo (mặc định: MOTCUA_LANG, hoặc vi)."
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="In phiên bản rồi thoát."),
    ] = False,
) -> None:
    """Từ tệp xuất của các cổng dịch vụ công đến kho dữ liệu báo cáo tin cậy."""
    # `main` has looked at both before there was anything to say.


def main() -> None:
    """Entry point of the console script. The language it speaks ends with it."""
    copy_context().run(_main)


def _main() -> None:
    mask_environment()
    mask_logs()
    choose_language(sys.argv[1:], asked_language())
    if not is_completing():
        for warning in unknown_variables():
            warn(warning)
    try:
        # However it was started: the name that people type.
        code = in_language(get_command(app)).main(prog_name="motcua", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except ClickException as error:
        print_usage_error(error)
    except ValidationError as error:
        if error.title == Settings.__name__:
            print_usage_error(wrong_setting(error))
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)
    except typer.Abort:  # the input ended where an answer was needed
        warn(message("Đã dừng: không có câu trả lời."))
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        fail(error)
