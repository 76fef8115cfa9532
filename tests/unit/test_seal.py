"""What a report's seal is made of beside the warehouse."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from assets.facts import rule_sets
from assets.reports.reading.seal import rule_set_digest


def test_rule_sets_that_count_otherwise_have_another_digest(tmp_path: Path) -> None:
    source = Path(rule_sets.__file__).read_text(encoding="utf-8")
    changed = source.replace('offset_by("1d")', 'offset_by("2d")')
    assert changed != source
    assert _digest(tmp_path / "same.py", source) == rule_set_digest()
    assert _digest(tmp_path / "changed.py", changed) != rule_set_digest()


def _digest(file: Path, source: str) -> str:
    file.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up there
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return rule_set_digest(module)
