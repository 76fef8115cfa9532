"""What the audit of dependencies comes to, and the bill of materials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.audit import verdict, write_sbom
from tests.unit.test_requirements import pins_of

_SOUND = {"name": "a", "version": "1", "vulns": []}
_HOLED = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
_UNKNOWN = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (3)"}


def test_a_known_hole_is_a_failure_and_is_named() -> None:
    text, code = verdict({"dependencies": [_SOUND, _HOLED, _UNKNOWN]})
    assert (text, code) == ("Known holes in pinned dependencies:\nb 2: PYSEC-1, mended in 2.1", 1)


def test_what_could_not_be_asked_is_said_and_is_no_failure() -> None:
    assert verdict({"dependencies": [_SOUND]}) == ("No known hole in 1 dependencies.", 0)
    for report in (None, {"dependencies": [_UNKNOWN]}, {"dependencies": [_SOUND, _UNKNOWN]}):
        text, code = verdict(report)
        assert "NOT audited" in text
        assert code == 0


@pytest.mark.long
def test_the_bill_of_materials_names_every_pin_with_hashes_and_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write_sbom(first)
    write_sbom(second)
    assert first.read_bytes() == second.read_bytes()
    bill = json.loads(first.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "motcua"
    components = {canonicalize_name(each["name"]): each for each in bill["components"]}
    assert {name: each["version"] for name, each in components.items()} == pins_of("runtime.txt")
    assert [name for name, each in components.items() if not each["externalReferences"]] == []
