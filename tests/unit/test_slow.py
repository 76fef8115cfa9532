"""The list of tests that take long names tests that there are, and leaves one of each file to every run."""

from __future__ import annotations

import re
from pathlib import Path

from tests.slow import function_of, slow_of, slow_tests

_ROOT = Path(__file__).parents[2]


def test_each_test_of_the_list_is_there() -> None:
    listed = slow_tests()
    assert listed
    for test in listed:
        file, _, name = test.partition("::")
        assert re.search(rf"^def {name}\(", (_ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_more_than_a_second_in_the_mean_of_its_cases_is_slow_and_the_quickest_of_a_file_never() -> None:
    seconds = {
        "tests/a.py::test_one": [0.2, 1.9],
        "tests/a.py::test_two": [1.5],
        "tests/a.py::test_three": [0.1],
        "tests/b.py::test_four": [9.0],
        "tests/b.py::test_five": [2.0],
    }
    assert slow_of(seconds) == {
        "tests/a.py::test_one": 1.05,
        "tests/a.py::test_two": 1.5,
        "tests/b.py::test_four": 9.0,
    }


def test_cases_of_a_test_are_one_test() -> None:
    assert function_of("tests/a.py::test_one[18-x]") == "tests/a.py::test_one"
    assert function_of("tests/a.py::test_one") == "tests/a.py::test_one"
