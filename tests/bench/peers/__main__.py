"""motcua and its peers: `make bench`, or `python -m tests.bench.peers [PART ...] [options]`.

Parts: load (then days, also on a tenth of it, nothing new, a full list and forms), smaller (days and nothing new on a fiftieth),
lists, year, formats, demo, questions (of analysts on the largest history). Figures are kept in the work folder, so that parts
can be measured one by one; the page is made from all.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.bench.peers.benchmark import PARTS, Sizes, benchmark
from tests.bench.peers.ours import CODE

_WORK = CODE / "build" / "bench" / "peers"


def main() -> None:
    """Reads the options and measures."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    options.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all where none is named"
    )
    options.add_argument("--dossiers", type=int, default=1_000_000, help="of the largest history")
    options.add_argument("--lists", type=int, default=1_500, help="complete lists of 370 rows in one run")
    options.add_argument("--year", type=int, default=2_000, help="dossiers of the year of nightly lists")
    options.add_argument("--before", default="", metavar="COMMIT", help="an older commit to compare with")
    options.add_argument(
        "--loaded", type=Path, metavar="HOME", help="a home that holds the largest history, for the questions"
    )
    options.add_argument("--work", type=Path, default=_WORK, help="folder of the work; its cache is kept")
    options.add_argument(
        "--docs", type=Path, default=CODE / "docs", help="folder of the page and its picture"
    )
    given = options.parse_args()
    for part in given.parts:
        if part not in PARTS:
            options.error(f"no part {part}; there are {', '.join(PARTS)}")
    sizes = Sizes(given.dossiers, given.lists, given.year)
    benchmark(given.work, given.docs, sizes, given.parts or list(PARTS), given.before, given.loaded)


if __name__ == "__main__":
    main()
