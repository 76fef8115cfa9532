"""Whether the board shows one state on every page while a load publishes: `python -m tests.bench.board_during_load --home DIR`.

The home holds a warehouse already, whose newest file is a CSV of a day (as in the homes of `make bench`); the same rows go
into its landing zone as those of the day after, and `motcua run` takes them in while readers ask for pages. On each page
read, the tiles and the sums below its lists, which are statements of their own, have to agree. Changes the home: give it a
copy. Prints how many pages were read, in which states, and how fast.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.bench.board import choices, fetched, served
from tests.bench.measure import measure

_FORM_FIGURES = 11
_WHOLE = ("/", "/thoi-han", "/qua-han")
_TILE = re.compile(r"<dt>[^<]*</dt>\s*<dd>(?:<a [^>]*>)?([\d.,]+)")
_SECTION = re.compile(r'<section class="list" id="(by_\w+|overdue_by_unit)">(.*?)</section>', re.DOTALL)
_CELL = re.compile(r'<td class="n">(?:<a [^>]*>)?([^<]*)')


@dataclass
class Readings:
    """What readers saw: seconds of each page; pages that were not answered, or contradict themselves; and tiles in turn.

    `states`: of each page without a choice, its tiles whenever they were other ones than before.
    """

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    states: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _number(written: str) -> int:
    return int(re.sub(r"\D", "", written) or 0)


def tiles_and_sums(html: str) -> tuple[tuple[int, ...], list[tuple[str, tuple[int, ...]]]]:
    """Returns the figures of a page's tiles, and of each list that has the same figures the sums of all its rows."""
    tiles = tuple(_number(written) for written in _TILE.findall(html))
    lists = []
    for name, section in _SECTION.findall(html):
        _, is_summed, foot = section.partition("<tfoot>")
        rows = foot if is_summed else section.partition("<tbody>")[2]
        if cells := _CELL.findall(rows):
            count = 1 if name == "overdue_by_unit" else _FORM_FIGURES
            lists.append((name, tuple(_number(cell) for cell in cells[:count])))
    return tiles, lists


def read(address: str, path: str, readings: Readings) -> None:
    """Reads one page and holds its tiles against its lists."""
    begun = time.perf_counter()
    try:
        html = fetched(address + path)
    except OSError as error:
        with readings.lock:
            readings.refused.append(f"{path}: {error}")
        return
    seconds = time.perf_counter() - begun
    tiles, lists = tiles_and_sums(html)
    with readings.lock:
        readings.seconds.append(seconds)
        if path in _WHOLE and (not (seen := readings.states.setdefault(path, [])) or seen[-1] != tiles):
            seen.append(tiles)
        readings.torn += [
            f"{path}: {name} {sums}, tiles {tiles}" for name, sums in lists if sums != tiles[: len(sums)]
        ]


def lay_next_day(landing: Path) -> None:
    """Writes the newest file of a landing zone as that of the day after: its new dossiers are new ones again."""
    newest = max(landing.rglob("*.csv"), key=lambda file: re.findall(r"\d{4}_\d\d_\d\d", file.name))
    (written,) = re.findall(r"\d{4}_\d\d_\d\d", newest.name)
    day = datetime.strptime(written, "%Y_%m_%d")
    next_day = day + timedelta(days=1)
    rows = newest.read_text(encoding="utf-8-sig")
    for way in ("%d/%m/%Y", "-%y%m%d-"):
        rows = rows.replace(day.strftime(way), next_day.strftime(way))
    name = newest.name.replace(written, next_day.strftime("%Y_%m_%d"))
    newest.with_name(name).write_text(rows, encoding="utf-8-sig")


def main() -> None:
    """Loads a day while readers ask, and prints what they saw. Ends with an error where a page contradicted itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--readers", type=int, default=4)
    asked = parser.parse_args()
    readings, is_over = Readings(), threading.Event()
    with served(asked.home) as address:
        lay_next_day(asked.home / "landing")
        paths = [each.removeprefix(address) for each in choices(address, 500, random.Random(2))]

        def reader(number: int) -> None:
            chance = random.Random(number)
            while not is_over.is_set():
                read(address, chance.choice([*_WHOLE, chance.choice(paths)]), readings)

        threads = [threading.Thread(target=reader, args=(number,)) for number in range(asked.readers)]
        for thread in threads:
            thread.start()
        try:
            loaded = measure(asked.home, "run")
            time.sleep(5)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
    print(f"the load took {loaded.seconds:.0f} s; {len(readings.seconds)} pages were read in that time:")
    print(
        f"median {statistics.median(readings.seconds):.2f} s, slowest {max(readings.seconds):.2f} s;"
        f" pages whose tiles and lists differ: {len(readings.torn)}"
    )
    for path, states in sorted(readings.states.items()):
        print(f"{path}: {len(states)} states, one after the other: {states}")
    if readings.torn or readings.refused:
        raise SystemExit("\n".join([*readings.torn[:10], *readings.refused[:10]]))


if __name__ == "__main__":
    main()
