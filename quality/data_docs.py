"""Data Docs: one page for the audit of each run, the last thirty kept, readable without a network.

Great Expectations' own pages fetch their styles and scripts from the internet, which an office's machine may not reach;
these are made from its results instead. Not here: the audit itself (`audit.py`).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quality.audit import Audit
from warehouse_sql.own_files import own_folder

INDEX = "index.html"
MOST_RUNS = 30
_LEFT_OVER_SECONDS = 3600
_TEMPLATES = Path(__file__).with_name("templates")


def write_page(folder: Path, audit: Audit, at: datetime) -> Path:
    """Writes the page of an audit made `at` (local time of Vietnam) and renews the list of pages. Returns the page."""
    own_folder(folder)
    name = f"{at:%Y%m%dT%H%M%S%f}"
    page = folder / f"{name}.html"
    _write(page, _render("audit.html.jinja", audit=audit, at=at))
    entry = {
        "page": page.name,
        "at": at.isoformat(),
        "ok": audit.ok,
        "rows": audit.rows,
        "stopping": [finding.rule.id for finding in audit.findings if finding.stops],
        "flagged": sum(finding.failing for finding in audit.findings if finding.rule.severity == "flag"),
    }
    _write(folder / f"{name}.json", json.dumps(entry, ensure_ascii=False))
    write_index(folder)
    return page


def write_index(folder: Path) -> None:
    """The list of the pages that are kept; older ones go."""
    own_folder(folder)
    _write(folder / INDEX, _render("audits.html.jinja", entries=_prune(folder), most=MOST_RUNS))


def _prune(folder: Path) -> list[dict[str, Any]]:
    """Returns the entries of the pages that stay, the latest first."""
    files = sorted(folder.glob("*.json"), reverse=True)
    for file in files[MOST_RUNS:]:
        file.with_suffix(".html").unlink(missing_ok=True)
        file.unlink(missing_ok=True)
    for left in _left_over(folder):
        left.unlink(missing_ok=True)
    entries = [json.loads(file.read_text(encoding="utf-8")) for file in files[:MOST_RUNS]]
    return [entry | {"at": datetime.fromisoformat(entry["at"])} for entry in entries]


def _left_over(folder: Path) -> Iterator[Path]:
    """Yields what a killed run left: a half written file, or a page without its entry. Another run may just be writing one."""
    pages = (page for page in folder.glob("*.html") if not page.with_suffix(".json").exists())
    for file in (*folder.glob(".*.part"), *pages):
        with contextlib.suppress(FileNotFoundError):
            if file.name != INDEX and time.time() - file.stat().st_mtime > _LEFT_OVER_SECONDS:
                yield file


def _render(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,  # paths and values come from outside
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}".replace(",", ".")
    return environment.get_template(template).render(**values)


def _write(file: Path, content: str) -> None:
    """Whole or not at all: somebody may be reading."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(content, encoding="utf-8", newline="\n")
    part.replace(file)
