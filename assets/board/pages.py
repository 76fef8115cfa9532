"""The pages of the board: which there are, and which blocks each is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assets.board.blocks import Alerts, Block, Days, List, Say, Tile, Tiles
from assets.board.choice import Choice
from assets.board.links import list_address, overdue_before
from assets.board.listing import read_listing
from assets.board.lists import FORM_FIGURES, LISTS, period
from assets.board.reading import Reader, Row
from assets.board.words import Words

#: Rows of a list that is only a part of a page.
_FIRST_ROWS = 10
#: On the morning page, where many lists stand below each other.
_FIRST_ROWS_OF_MORNING = 5
_NAMED_GAPS = 3
PERIOD, UNIT, RULE_SET, UNIT_VIEW, KNOWN_ON = "period", "unit", "rule_set", "unit_view", "known_on"


@dataclass(frozen=True)
class Page:
    """A page: its address and name in the texts, what can be chosen on it, and its blocks.

    Without `known_on` among its controls its figures are had as known now alone, and it says so.
    """

    path: str
    name: str
    controls: Sequence[str]
    blocks: Callable[[Reader, Choice, Words], list[Block]]


def _morning(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    total = _overdue(reader, choice)
    lists = {
        name: _first(reader, choice, name, _FIRST_ROWS_OF_MORNING)
        for name in ("due_soon", "suspended", "hand_over")
    }
    count = {name: each.shown.row_count for name, each in lists.items()}
    alerts = reader.rows("board/alert.sql", **period(reader, choice))
    tiles = [
        Tile(
            "overdue_open",
            total["overdue_open"],
            opens=list_address(_today(choice, reader), "form", figure="pending_overdue"),
            tone="bad" if total["overdue_open"] else "good",
            changes=[
                (name, total[name], overdue_before(name, days)(total, _today(choice, reader)))
                for name, days in (("since_yesterday", 1), ("since_week", 7))
            ],
        ),
        Tile(
            "due_in_1",
            read_listing(reader, LISTS["due_soon"], choice.having(days=1), 1).row_count,
            opens=list_address(choice, "due_soon", days=1),
        ),
        Tile("due_in_3", count["due_soon"], opens=list_address(choice, "due_soon")),
        Tile("suspended_long", count["suspended"], opens=list_address(choice, "suspended")),
        Tile("not_handed_over", count["hand_over"], opens=list_address(choice, "hand_over")),
        Tile("alerts", len(alerts), opens="#alerts", tone="bad" if alerts else "good"),
    ]
    return [
        *_gaps(reader, choice, words),
        Tiles("morning", tiles),
        Alerts(alerts),
        _first(reader, choice, "overdue_by_unit"),
        *lists.values(),
        List(read_listing(reader, LISTS["feed"], choice, None)),
    ]


def _timeliness(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    # A procedure is chosen for lists of dossiers alone: the figures here are those of its sector.
    choice = replace(choice, procedure=None)
    total = form_total(reader, choice)
    as_received = replace(choice, unit_view="as_received")
    tiles = [
        Tile(name, total[name], opens=list_address(as_received, "form", figure=name) if total[name] else None)
        for name in FORM_FIGURES
    ]
    tiles.append(Tile("on_time_share", total["on_time_share"], "share"))
    return [
        *_gaps(reader, choice, words),
        Tiles("form", tiles),
        *(
            List(
                read_listing(reader, LISTS[name], choice, None),
                note=words["notes.current_unit"] if name == "by_current_unit" else None,
            )
            for name in _parts(choice, total)
        ),
    ]


def form_total(reader: Reader, choice: Choice) -> Row:
    """Returns the figures of the form of all that is chosen, each 0 where there is nothing to count."""
    (row,) = reader.rows("board/form_total.sql", **period(reader, choice))
    return row


def _parts(choice: Choice, total: Row) -> list[str]:
    """Returns the lists in which what is chosen is taken apart: province, district of old, commune, sector, procedure."""
    if choice.sector:
        return ["by_procedure"]
    if choice.unit_view == "current":
        return ["by_current_unit", "by_sector"]
    for level in ("province", "district", "commune"):
        if total[f"{level}_count"] > 1:
            return [f"by_{level}", "by_sector"]
    return ["by_sector"]


def _overdue_through_time(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    days = reader.rows("board/overdue_by_day.sql", **period(reader, choice))
    total = _overdue(reader, choice)
    tiles = [
        Tile(
            "overdue_open",
            total["overdue_open"],
            opens=list_address(choice, "form", figure="pending_overdue"),
            tone="bad" if total["overdue_open"] else "good",
        ),
        Tile(
            "became_overdue",
            sum(row["newly_overdue"] for row in days),
            opens=list_address(choice, "form", figure="became_overdue"),
        ),
        Tile(
            "overdue_cleared",
            sum(row["overdue_cleared"] for row in days),
            opens=list_address(choice, "form", figure="overdue_cleared"),
        ),
    ]
    return [
        *_gaps(reader, choice, words),
        Tiles("overdue", tiles),
        Days(
            "overdue",
            [row["date"] for row in days],
            [row["overdue_open"] for row in days],
            [row["newly_overdue"] for row in days],
            [row["overdue_cleared"] for row in days],
        ),
        List(read_listing(reader, LISTS["overdue_by_unit"], choice, None)),
    ]


def _stages(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    return [Say(words["notes.stages"]), List(read_listing(reader, LISTS["stage"], choice, None))]


def _service(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    return [
        List(read_listing(reader, LISTS["by_channel"], choice, None)),
        List(read_listing(reader, LISTS["indicator"], choice, None), note=words["notes.indicator"]),
        _first(reader, choice, "paper_by_procedure"),
        _first(reader, choice, "paper"),
    ]


def _portals(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    return [
        List(read_listing(reader, LISTS["disagreement_by_kind"], choice, None)),
        _first(reader, choice, "disagreement"),
        List(read_listing(reader, LISTS["delay_by_kind"], choice, None), note=words["notes.delay"]),
    ]


def _edited(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    return [
        Say(words["notes.edited"]),
        List(read_listing(reader, LISTS["edited_by_kind"], choice, None)),
        _first(reader, choice, "edited"),
    ]


def _feeds(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    return [
        List(read_listing(reader, LISTS["feed"], choice, None)),
        _first(reader, choice, "feed_day"),
        List(read_listing(reader, LISTS["quarantine_by_rule"], choice, None)),
        _first(reader, choice, "quarantine"),
    ]


def _first(reader: Reader, choice: Choice, name: str, rows: int = _FIRST_ROWS) -> List:
    """Returns the first rows of a list, which leads to all of it."""
    shown = read_listing(reader, LISTS[name], choice.having(sort=None, list=name), rows)
    return List(shown, list_address(choice, name, **choice.more))


def _overdue(reader: Reader, choice: Choice) -> dict[str, Any]:
    return dict(read_listing(reader, LISTS["overdue_by_unit"], replace(choice, more={}), None).sums)


def _today(choice: Choice, reader: Reader) -> Choice:
    """Returns the choice with a period that ends on the last day that is counted."""
    return replace(choice, date_to=reader.published.horizon, known_on=None)


def _gaps(reader: Reader, choice: Choice, words: Words) -> list[Block]:
    """Returns a warning where feeds of the period are not complete."""
    gaps = reader.rows("board/gap.sql", **period(reader, choice))
    if not gaps:
        return []
    named = "; ".join(
        words.say(
            "notes.gap",
            source=row[f"source_name_{words.lang}"],
            day=row["day"],
            status=words[f"words.status.{row['status']}"],
        )
        for row in gaps[-_NAMED_GAPS:]
    )
    return [
        Say(words.say("notes.gaps", count=len(gaps), feeds=named), True, list_address(choice, "feed_day"))
    ]


PAGES = (
    Page("/", "morning", (UNIT, RULE_SET), _morning),
    Page("/thoi-han", "timeliness", (PERIOD, UNIT, RULE_SET, UNIT_VIEW, KNOWN_ON), _timeliness),
    Page("/qua-han", "overdue", (PERIOD, UNIT, RULE_SET), _overdue_through_time),
    Page("/khau", "stages", (PERIOD, UNIT, KNOWN_ON), _stages),
    Page("/dich-vu", "service", (PERIOD, UNIT, RULE_SET, KNOWN_ON), _service),
    Page("/hai-cong", "portals", (UNIT,), _portals),
    Page("/sua-sau", "edited", (UNIT, KNOWN_ON), _edited),
    Page("/nguon", "feeds", (PERIOD,), _feeds),
)
