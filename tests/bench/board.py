"""How fast the board answers on a large warehouse: `python -m tests.bench.board --home DIR` (a home that is loaded already).

Starts `motcua board` as a process, waits until its pages are warm, then: the first paint in a headless Chromium, a filter that
nobody chose before at the median with many readers at once, and the same while a run loads. Prints a table.
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

from tests.receivers import free_port

_PAGES = ("/", "/thoi-han", "/qua-han", "/khau", "/dich-vu", "/hai-cong", "/sua-sau", "/nguon")
_FILTERED = ("/thoi-han", "/qua-han", "/khau")
_STARTS_WITHIN_SECONDS = 300
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
    with served(asked.home) as address:
        cold = {path: seconds_of(address + path) for path in _PAGES}
        print(
            "first answers, while pages are warmed, s: ",
            {path: round(value, 2) for path, value in cold.items()},
            flush=True,
        )
        paints = first_paints(address)
        print("first paint, s: ", {path: round(value, 2) for path, value in paints.items()}, flush=True)
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
