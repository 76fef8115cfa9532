"""Which tests take long: tests/slow.txt, made by `make slow` out of what pytest measured.

`make long` runs them, `make test` all others and of each file at least the quickest one.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import mean
from xml.etree import ElementTree as ET

#: Seconds from which a test is a slow one, on two cores.
LIMIT = 1.0
FILE = Path(__file__).with_name("slow.txt")
_HEAD = f"""\
# Tests of more than {LIMIT:.0f} s each, and what their cases take in the mean: `make long` runs them. Made by `make slow`.
"""


def slow_tests() -> frozenset[str]:
    """Returns the tests of the list as "tests/sql/test_feeds.py::test_name", whatever their cases."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[1] for line in lines if not line.startswith("#"))


def function_of(nodeid: str) -> str:
    """Returns a test without the case."""
    return nodeid.partition("[")[0]


def slow_of(seconds: Mapping[str, Iterable[float]]) -> dict[str, float]:
    """Returns tests that take more than the limit, by the mean of their cases; of each file all but the quickest test."""
    taken = {test: mean(cases) for test, cases in seconds.items()}
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in taken:
        by_file[test.partition("::")[0]].append(test)
    quickest = {min(tests, key=lambda test: (taken[test], test)) for tests in by_file.values()}
    return {test: spent for test, spent in taken.items() if spent > LIMIT and test not in quickest}


def write(seconds: Mapping[str, Iterable[float]]) -> None:
    """Writes the list, ordered by file and name."""
    lines = [f"{spent:5.1f}  {test}\n" for test, spent in sorted(slow_of(seconds).items())]
    FILE.write_text(_HEAD + "".join(lines), encoding="utf-8")


def main(result: Path) -> None:
    """Makes the list out of a file that pytest wrote (--junitxml)."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for case in ET.parse(result).iter("testcase"):
        if case.find("skipped") is None:
            path = case.attrib["classname"].replace(".", "/")
            seconds[f"{path}.py::{function_of(case.attrib['name'])}"].append(float(case.attrib["time"]))
    write(seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
