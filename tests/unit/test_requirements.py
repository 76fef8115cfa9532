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
_FILES = ("runtime.txt", "dev.txt", "audit.txt")


def _lines(file: str) -> list[str]:
    text = (_ROOT / "requirements" / file).read_text(encoding="utf-8")
    whole = text.replace(" \\\n", "")
    return [line for line in whole.splitlines() if line and not line.startswith("#")]


def pins_of(file: str) -> dict[str, str]:
    """Returns name -> version of a file of pins."""
    pins = (line.split()[0].split("==") for line in _lines(file))
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
    runtime, dev = pins_of("runtime.txt"), pins_of("dev.txt")
    assert runtime.items() <= dev.items()
    assert len(runtime) < len(dev)


def test_every_library_is_pinned_where_it_is_needed() -> None:
    extras = dict(_PROJECT["optional-dependencies"])
    development = extras.pop("dev")
    runtime = [*_PROJECT["dependencies"], *(each for listed in extras.values() for each in listed)]
    assert _unpinned(runtime, pins_of("runtime.txt")) == []
    assert _unpinned([*runtime, *development], pins_of("dev.txt")) == []


def test_an_office_installs_no_browser_and_no_test_library() -> None:
    assert pins_of("runtime.txt").keys().isdisjoint({"playwright", "pytest", "mypy", "ruff", "hypothesis"})


def test_an_office_installs_the_very_files_that_were_pinned() -> None:
    assert [
        line for line in _lines("runtime.txt") if not re.search(r" --hash=sha256:[0-9a-f]{64}$", line)
    ] == []


def test_no_library_lies_there_whose_loading_slows_down_every_run() -> None:
    # jsonschema, which charts and the audit of rows load, loads this one where it is installed: 1.4 seconds.
    assert "rfc3987-syntax" not in pins_of("dev.txt")


@pytest.mark.parametrize("file", _FILES)
def test_pins_are_exact_and_name_no_index(file: str) -> None:
    pin = r"[a-z0-9._-]+==[A-Za-z0-9.+!]+( +--hash=sha256:[0-9a-f]{64})*"
    assert [line for line in _lines(file) if not re.fullmatch(pin, line)] == []
