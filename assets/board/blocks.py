"""What pages are made of: tiles with one figure each, lists, a chart of days, and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from assets.board.listing import Kind, Shown
from assets.board.reading import Row

Tone = Literal["plain", "bad", "good"]


@dataclass(frozen=True)
class Tile:
    """One figure: its name in the texts, how it is written, what a click opens, and how it changed, where that is asked.

    `changes`: each with its name, and the list of the figure that it is the difference to.
    """

    name: str
    value: Any
    kind: Kind = "count"
    opens: str | None = None
    tone: Tone = "plain"
    changes: Sequence[tuple[str, int, str | None]] = ()


@dataclass(frozen=True)
class Tiles:
    """Figures side by side."""

    name: str
    tiles: Sequence[Tile]


@dataclass(frozen=True)
class List:
    """A page of a list; `full` is the address of the page that has all of it, None where this is that page."""

    shown: Shown
    full: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Days:
    """A stock by day as an area, and what came and went as bars; all three have a value for each day."""

    name: str
    days: Sequence[date]
    stock: Sequence[int]
    came: Sequence[int]
    went: Sequence[int]


@dataclass(frozen=True)
class Say:
    """A sentence that is already written; `is_warning` for what keeps figures from being whole."""

    text: str
    is_warning: bool = False
    opens: str | None = None


@dataclass(frozen=True)
class Alerts:
    """Open alerts, each to be acknowledged or silenced by who may."""

    rows: Sequence[Row]


Block = Tiles | List | Days | Say | Alerts
