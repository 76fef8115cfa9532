"""What was measured, written down after each step, so that a run that ends early loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Book:
    """Figures by the name of the work and by side (ours, peers, before, own, floor, duck), and notes; kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self.content: dict[str, Any] = {"about": {}, "figures": {}, "notes": []}
        if file.exists():
            self.content = json.loads(file.read_text(encoding="utf-8"))

    @property
    def figures(self) -> dict[str, dict[str, float]]:
        """Returns the figures by work and side."""
        figures: dict[str, dict[str, float]] = self.content["figures"]
        return figures

    def about(self, facts: Mapping[str, Any]) -> None:
        """Keeps what the figures rest on: machine, versions, sizes."""
        self.content["about"] |= facts
        self._save()

    def put(self, work: str, **sides: float) -> None:
        """Keeps the figures of a work and prints them."""
        self.figures[work] = self.figures.get(work, {}) | sides
        shown = ", ".join(f"{side} {value:.3g}" for side, value in sides.items())
        print(f"{datetime.now(UTC):%H:%M:%S} {work}: {shown}", flush=True)
        self._save()

    def most(self, work: str, side: str, value: float) -> None:
        """Keeps the largest of the values given for a side."""
        self.figures.setdefault(work, {})
        self.figures[work][side] = max(value, self.figures[work].get(side, 0.0))
        self._save()

    def note(self, sentence: str) -> None:
        """Keeps a sentence, once."""
        if sentence not in self.content["notes"]:
            self.content["notes"].append(sentence)
            print(sentence, flush=True)
        self._save()

    def _save(self) -> None:
        self._file.write_text(json.dumps(self.content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
