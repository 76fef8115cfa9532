"""The peers' side: a throw-away server with the settings of motcua's own, and the programs that run on it."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.peers.answers import MEASURES, Form
from tests.bench.peers.environment import peers_environment
from tests.bench.peers.processes import Run, run_process
from warehouse_sql.cluster import create_cluster, start_cluster, stop_cluster
from warehouse_sql.embedded import LOCALE, SETTINGS, programs

_PROGRAMS = Path(__file__).parent / "programs"
_FORM = """
select
    unit, coalesce(sum(received) filter (where event_on >= %(first)s), 0)::bigint,
    coalesce(sum(resolved_early) filter (where event_on >= %(first)s), 0)::bigint,
    coalesce(sum(resolved_on_time) filter (where event_on >= %(first)s), 0)::bigint,
    coalesce(sum(resolved_late) filter (where event_on >= %(first)s), 0)::bigint,
    sum(received - resolved_early - resolved_on_time - resolved_late)::bigint,
    sum(became_overdue - overdue_cleared)::bigint
from mart.daily_flow where event_on <= %(last)s group by unit
"""


@dataclass(frozen=True)
class Peers:
    """Python of their environment, the folder that they keep things in, and the address of their server."""

    python: Path
    folder: Path
    address: str

    def dlt_dbt(self, files: Sequence[Path]) -> Run:
        """dlt merges the lists, dbt brings its models up to date."""
        return self._run("dlt_dbt.py", str(self.folder), self.address, *map(str, files))

    def copy(self, files: Sequence[Path]) -> Run:
        """The floor: a plain COPY."""
        return self._run("copy_floor.py", self.address, *map(str, files))

    def duck(self, files: Sequence[Path]) -> Run:
        """DuckDB writes the aggregates of all these lists as Parquet."""
        return self._run("duck.py", "make", str(self.folder), *map(str, files))

    def duck_form(self, first: str, last: str) -> tuple[Form, float]:
        """Form II.06 out of Parquet, and the seconds it takes within a process."""
        answer = json.loads(self._run("duck.py", "form", str(self.folder), first, last).output)
        return {row.pop("unit"): row for row in answer["form"]}, answer["seconds"]

    def form(self, first: str, last: str) -> Form:
        """Form II.06 out of dbt's daily flow."""
        with psycopg.connect(self.address) as connection:
            rows = connection.execute(_FORM, {"first": first, "last": last}).fetchall()
        return {unit: dict(zip(MEASURES, counts, strict=True)) for unit, *counts in rows}

    def overdue(self) -> dict[str, int]:
        """Open dossiers past their due day by unit, as dbt's table has them."""
        with psycopg.connect(self.address) as connection:
            return dict(connection.execute("select unit, overdue from mart.overdue_by_unit").fetchall())

    def tidy(self) -> int:
        """Vacuums the database; its bytes, without those of a plain COPY."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("drop table if exists floor")
            connection.execute("vacuum (analyze)")
            connection.execute("checkpoint")
            row = connection.execute("select pg_database_size(current_database())").fetchone()
        assert row
        return int(row[0])

    def _run(self, program: str, *arguments: str) -> Run:
        command = [str(self.python), str(_PROGRAMS / program), *arguments]
        return run_process(command, peers_environment(self.folder))


@contextmanager
def peers_at(folder: Path, python: Path) -> Iterator[Peers]:
    """Yields the peers with an empty server, PostgreSQL's program and settings those of the embedded warehouse."""
    data = folder / "pg"
    folder.mkdir(parents=True)
    port = _free_port()
    # Its clients want an address of the network; the last of equal settings holds.
    create_cluster(programs(), data, LOCALE, f"{SETTINGS}listen_addresses = '127.0.0.1'\nport = {port}\n")
    start_cluster(programs(), data)
    try:
        yield Peers(python, folder, f"postgresql://postgres:none@127.0.0.1:{port}/postgres")
    finally:
        stop_cluster(data)
        remove_far_data(data)


def remove_far_data(data: Path) -> None:
    """Removes a stopped server's data that lie in its user's own place, since folders above `data` are closed to it."""
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
