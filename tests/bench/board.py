"""How fast the board answers on a large warehouse: `python -m tests.bench.board --home DIR` (a home that is loaded already).

Starts `motcua board` as a process, which answers once its pages are warm, then: the first paint in a headless Chromium, once
they are warm and in the seconds after a change, while they are prepared again; and a filter that nobody chose before, at the
median with many readers at once. Prints what it measured.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import sync_playwright
from sqlalchemy import text

from tests.receivers import free_port
from warehouse_sql.embedded import embedded_url
from warehouse_sql.engine import open_engine

_PAGES = ("/", "/thoi-han", "/qua-han", "/khau", "/dich-vu", "/hai-cong", "/sua-sau", "/nguon")
_FILTERED = ("/thoi-han", "/qua-han", "/khau")
_STARTS_WITHIN_SECONDS = 300
#: The board looks every ten seconds whether something has changed, and then prepares its pages.
_AFTER_CHANGE_SECONDS = 40
_FIRST_PAINT = """() => new Promise(done => new PerformanceObserver(list => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) done(paint.startTime);
}).observe({type: "paint", buffered: true}))"""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The board of a home, as a process; its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "board", "--port", str(port)],
        env=os.environ | {"MOTCUA_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            fetched(f"{address}/static/board.css")
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the board did not start"
            time.sleep(0.2)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(60)


def fetched(address: str) -> str:
    """The page at an address."""
    with urlopen(address, timeout=120) as answer:
        page: str = answer.read().decode()
        return page


def seconds_of(address: str) -> float:
    """How long an answer takes."""
    begun = time.perf_counter()
    fetched(address)
    return time.perf_counter() - begun


def first_paints(address: str) -> dict[str, float]:
    """First contentful paint of each page in seconds, each in a fresh context of Chromium."""
    paints = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for path in _PAGES:
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(address + path)
            paints[path] = page.evaluate(_FIRST_PAINT) / 1000
            page.context.close()
        browser.close()
    return paints


def paints_after_change(address: str, home: Path) -> dict[str, list[float]]:
    """First paints of each page while pages are prepared again: something is changed as the publication of a run does."""
    engine = open_engine(embedded_url(home))
    with engine.begin() as connection:
        connection.execute(text("update ops.setting set value = value where name = 'facts_change'"))
        connection.execute(text("select pg_stat_force_next_flush()"))
    engine.dispose()
    deadline = time.monotonic() + _AFTER_CHANGE_SECONDS
    paints: dict[str, list[float]] = {path: [] for path in _PAGES}
    while time.monotonic() < deadline:
        for path, seconds in first_paints(address).items():
            paints[path].append(seconds)
    return paints


def choices(address: str, count: int, chance: random.Random) -> list[str]:
    """Addresses with a unit and a period that nobody chose before."""
    units = re.findall(r'<option value="([^"@]+@[^"]+)"', fetched(f"{address}/thoi-han"))
    year = int(re.findall(r'name="date_to" value="(\d{4})', fetched(f"{address}/thoi-han"))[0])
    return [
        f"{address}{chance.choice(_FILTERED)}?unit={unescape(chance.choice(units))}"
        f"&date_from={year - 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}&date_to={year}-12-31"
        for _ in range(count)
    ]


def at_once(addresses: list[str], readers: int) -> list[float]:
    """Seconds of each answer, with so many readers at once, each asking for the next address when it has one's answer."""
    waiting, seconds, lock = list(addresses), [], threading.Lock()

    def read() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                address = waiting.pop()
            taken = seconds_of(address)
            with lock:
                seconds.append(taken)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--answers", type=int, default=200)
    asked = parser.parse_args()
    begun = time.perf_counter()
    with served(asked.home) as address:
        print(f"the board answers after {time.perf_counter() - begun:.1f} s", flush=True)
        paints = first_paints(address)
        print("first paint, s: ", {path: round(value, 2) for path, value in paints.items()}, flush=True)
        after = paints_after_change(address, asked.home)
        print(
            f"first paint in the {_AFTER_CHANGE_SECONDS} s after a change, median and slowest, s: ",
            {path: (round(statistics.median(each), 2), round(max(each), 2)) for path, each in after.items()},
            flush=True,
        )
        chance = random.Random(1)
        alone = at_once(choices(address, 30, chance), 1)
        print(f"a new choice, one reader: median {statistics.median(alone) * 1000:.0f} ms", flush=True)
        seconds = at_once(choices(address, asked.answers, chance), asked.readers)
        shown = statistics.quantiles(seconds, n=10)
        print(
            f"a new choice, {asked.readers} readers at once: median {statistics.median(seconds) * 1000:.0f} ms,"
            f" 90 % within {shown[-1] * 1000:.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
