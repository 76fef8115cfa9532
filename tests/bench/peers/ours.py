"""motcua's side: its commands as a user runs them, of this code or of an older one."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
import yaml

from assets.sources.sources import BUILT_IN
from tests.bench.peers.answers import MEASURES, Form
from tests.bench.peers.peers import remove_far_data
from tests.bench.peers.processes import Run, run_process

CODE = Path(__file__).parents[3]
_MAIN = "from pipelines.cli import main; main()"
_TIMEOUT_SECONDS = "3600"
_FORM = (
    "select unit_name, received_total - carried_over as received, resolved_early as early, resolved_on_time as on_time,"
    " resolved_late as late, pending_total as pending, pending_overdue as overdue from mart.form_ii06('{}', '{}')"
)
_QUERY_RUNS = 3


@dataclass(frozen=True)
class Motcua:
    """A home with its landing zone, and the code that works on it."""

    home: Path
    code: Path = CODE

    @property
    def landing(self) -> Path:
        """Where its files are put."""
        return self.home / "landing"

    def command(self, *arguments: str) -> Run:
        """Runs `motcua` with these arguments."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "PG"))}
        environment = kept | {
            "MOTCUA_HOME": str(self.home),
            "MOTCUA_LANDING": str(self.landing),
            "PYTHONPATH": str(self.code),
        }
        if (sources := self.home / "sources.yaml").exists():  # the demo has those of the simulator
            environment["MOTCUA_SOURCES"] = str(sources)
        return run_process([sys.executable, "-c", _MAIN, *arguments], environment, self.code)

    def run(self) -> Run:
        """Takes in what is new; SystemExit unless every row was taken in."""
        done = self.command("run", "--arrived-when-exported", "--json")
        result = json.loads(done.output)
        if result["files_failed"] or result["rows_quarantined"]:
            raise SystemExit(f"the files were not taken in as meant: {done.output}")
        return done

    def ask(self, query: str) -> list[dict[str, object]]:
        """Returns the rows of a query."""
        rows: list[dict[str, object]] = json.loads(
            self.command("sql", "--json", "--timeout", _TIMEOUT_SECONDS, query).output
        )
        return rows

    def number(self, query: str) -> int:
        """Returns the one number that a query answers."""
        (row,) = self.ask(query)
        return int(str(next(iter(row.values()))))

    def seconds(self, query: str) -> float:
        """Returns the median seconds that the server plans and works on a query, over some runs."""
        return median(self._server_seconds(query) for _ in range(_QUERY_RUNS))

    def _server_seconds(self, query: str) -> float:
        rows = self.ask(f"explain (analyze, timing off) {query}")
        words = " ".join(str(row["QUERY PLAN"]) for row in rows)
        return (
            sum(float(each) for each in re.findall(r"(?:Planning|Execution) Time: ([\d.]+) ms", words)) / 1e3
        )

    def form(self, first: str, last: str) -> Form:
        """Form II.06 as known now."""
        rows = self.ask(_FORM.format(first, last))
        return {str(row["unit_name"]): {name: int(str(row[name])) for name in MEASURES} for row in rows}

    def tidy(self) -> int:
        """Vacuums the warehouse; its bytes."""
        address = self.command("warehouse", "url", "--show-password").output.strip()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "set client_min_messages = error"
            )  # its own objects alone; the others are small
            connection.execute("vacuum (analyze)")
        return self.number("select pg_database_size(current_database())")


@contextmanager
def motcua_at(home: Path, code: Path = CODE) -> Iterator[Motcua]:
    """Yields a warehouse with reference data and no dossier; its server runs until the end, as that of the peers does."""
    made = Motcua(home, code)
    made.landing.mkdir(parents=True)
    # Complete lists say so by the period above them: what they do not name any more has vanished.
    built_in = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    sources = {"angiang": built_in["angiang"] | {"coverage": "period"}, "dvcqg": built_in["dvcqg"]}
    for entry in sources.values():
        entry.pop("feed", None)
        entry.pop("title_en", None)  # older code does not know it
    (home / "sources.yaml").write_text(yaml.safe_dump(sources, allow_unicode=True), encoding="utf-8")
    made.command("warehouse", "url")
    try:
        made.command("run")
        yield made
    finally:
        made.command("warehouse", "stop")
        remove_far_data(home / "pg")
