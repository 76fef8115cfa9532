"""`make soak NIGHTS=60`: prints each night as it ends, and what does not hold at the end; figures go to build/soak.json."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.soak.clock import why_not
from tests.soak.growth import breaches
from tests.soak.office import Night
from tests.soak.soak import soak, why_no_older_code

_OUT = Path("build/soak.json")


def main() -> int:
    """Returns 0 when all holds, 1 when something does not or can't be tried."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nights", type=int, default=60)
    options.add_argument("--dossiers", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    if reason := why_not() or why_no_older_code():
        print(f"Soak: not tried, {reason}.")
        return 1
    _OUT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mc-soak-", dir="/tmp") as folder:
        try:
            result = soak(Path(folder), asked.nights, asked.dossiers, _print, asked.seed)
        except Exception:
            for log in Path(folder).glob("*/home/pg/log"):  # what the servers wrote is asked for then
                shutil.copy2(log, _OUT.parent / f"soak-{log.parts[-4]}.log")
            raise
    _OUT.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"digest {result.digest}, unbroken {result.unbroken_digest}\n{result.check}")
    for breach in (failing := breaches(result)):
        print(f"FAILS: {breach}")
    return bool(failing)


def _print(night: Night) -> None:
    what = f"killed at {night.killed_at}{' with the server' * night.power_cut}" if night.killed_at else ""
    print(
        f"{night.night:3} {night.version or 'now':6} {night.seconds:5.1f} s  memory {night.peak_memory >> 20:4} MB"
        f"  database {night.database >> 20:4} MB (packed {night.packed >> 20:3})  dagster {night.home['dagster'] >> 10:6} KB"
        f"  data-docs {night.home.get('data-docs', 0) >> 10:5} KB  runs {night.runs_recorded:2}"
        f"  dead {night.warehouse['dead']}/{night.warehouse['vacuumed']}"
        f"  left {len(night.left)}  {what}{' missing ' + night.missing if night.missing else ''}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
