"""dlt merges the lists into the latest state of each dossier, dbt brings its incremental models up to date.

    python dlt_dbt.py WORK_FOLDER ADDRESS LIST ...

Both are used as their manuals say: Arrow tables, the COPY of CSV, a primary key; incremental models that read what the
last load brought, with indexes on their keys.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

_HERE = Path(__file__).parent
_SETTINGS = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}

# Local time as it is written: no zone.
_INSTANT = {"data_type": "timestamp", "timezone": False}


def load(work: Path, address: str, files: list[Path]) -> None:
    """Merges the lists, in the order of their exports, by one pipeline run."""
    import dlt
    from read_list import INSTANTS, read_list

    @dlt.resource(
        name="dossier",
        primary_key="code",
        write_disposition={"disposition": "merge", "strategy": "delete-insert"},
        columns={name: dict(_INSTANT) for name in INSTANTS}
        | {"exported_at": _INSTANT | {"dedup_sort": "desc"}},
    )
    def dossier() -> Iterator[object]:
        for file in files:
            yield read_list(file).to_arrow()

    pipeline = dlt.pipeline(
        "peers",
        pipelines_dir=str(work / "dlt"),
        destination=dlt.destinations.postgres(credentials=address, create_indexes=True),
        dataset_name="raw",
    )
    pipeline.run(dossier(), loader_file_format="csv")


def build(work: Path, address: str) -> None:
    """Brings the models up to date."""
    from dbt.cli.main import dbtRunner

    server = urlsplit(address)
    os.environ |= {
        "PEERS_HOST": server.hostname or "",
        "PEERS_PORT": str(server.port),
        "PEERS_USER": server.username or "",
    }
    folders = ("--project-dir", str(_HERE / "dbt"), "--profiles-dir", str(_HERE / "dbt"))
    made = ("--target-path", str(work / "dbt"), "--log-path", str(work / "dbt" / "logs"))
    done = dbtRunner().invoke(["--no-version-check", "--no-use-colors", "--quiet", "run", *folders, *made])
    if not done.success:
        raise SystemExit(f"dbt failed: {done.exception or [each.message for each in done.result or []]}")


if __name__ == "__main__":
    folder, database, *lists = sys.argv[1:]
    os.environ |= _SETTINGS | {"HOME": folder, "DLT_DATA_DIR": folder, "DLT_PROJECT_DIR": folder}
    load(Path(folder), database, [Path(each) for each in lists])
    build(Path(folder), database)
