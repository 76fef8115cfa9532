"""YAML of the package: catalogues, texts and definitions, which every command reads before it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_yaml(file: Path) -> Any:
    """Returns what a file says. OSError, UnicodeDecodeError or yaml.YAMLError where it can't be read.

    By the parser of libyaml, which comes with PyYAML and takes a tenth of the time of the one in Python.
    """
    return yaml.load(file.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
