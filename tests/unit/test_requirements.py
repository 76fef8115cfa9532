"""The pinned versions: an office's are those of the developers, every library is pinned, and no package index is named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).parents[2]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_FILES = ("runtime.txt", "dev.txt")


def _lines(file: str) -> list[str]:
    text = (_ROOT / "requirements" / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _pins(file: str) -> dict[str, str]:
    pins = (line.split("==") for line in _lines(file))
    return {canonicalize_name(name): version for name, version in pins}


def _unpinned(listed: Iterable[str], pins: dict[str, str]) -> list[str]:
    """Returns the requirements that no pin fulfils; extras of motcua itself are listed on their own."""
    wanted = [each for each in map(Requirement, listed) if each.name != _PROJECT["name"]]
    return [
        str(each)
        for each in wanted
        if not each.specifier.contains(pins.get(canonicalize_name(each.name), "0"), prereleases=True)
        or canonicalize_name(each.name) not in pins
    ]


def test_an_office_runs_the_versions_that_were_tested() -> None:
    runtime, dev = _pins("runtime.txt"), _pins("dev.txt")
    assert runtime.items() <= dev.items()
    assert len(runtime) < len(dev)


def test_every_library_is_pinned_where_it_is_needed() -> None:
    extras = dict(_PROJECT["optional-dependencies"])
    development = extras.pop("dev")
    runtime = [*_PROJECT["dependencies"], *(each for listed in extras.values() for each in listed)]
    assert _unpinned(runtime, _pins("runtime.txt")) == []
    assert _unpinned([*runtime, *development], _pins("dev.txt")) == []


def test_an_office_installs_no_browser_and_no_test_library() -> None:
    assert _pins("runtime.txt").keys().isdisjoint({"playwright", "pytest", "mypy", "ruff", "hypothesis"})


@pytest.mark.parametrize("file", _FILES)
def test_pins_are_exact_and_name_no_index(file: str) -> None:
    assert [line for line in _lines(file) if not re.fullmatch(r"[a-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
