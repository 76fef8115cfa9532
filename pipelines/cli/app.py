"""The application: commands, exit codes, and errors as one sentence.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped by the quality gate.
"""

from __future__ import annotations

import sys

import typer

from pipelines.cli import (
    alerts,
    demo,
    explain,
    findings,
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
)
from pipelines.cli.console import fail

app = typer.Typer(
    name="motcua",
    help="Từ tệp xuất của các cổng dịch vụ công đến kho dữ liệu báo cáo tin cậy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("simulate")(simulate.simulate)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("explain")(explain.explain)
app.command("sql")(query.sql)
app.add_typer(alerts.app, name="alerts")
app.add_typer(findings.app, name="findings")
app.add_typer(procedures.app, name="procedures")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(report.app, name="report")
app.add_typer(targets.app, name="targets")
app.add_typer(warehouse.app, name="warehouse")
app.command("ui")(ui.ui)


def main() -> None:
    """Entry point of the console script."""
    try:
        # However it was started: the name that people type.
        app(prog_name="motcua")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        fail(error)
