"""What units call the figures of their reports, and what is meant by each name.

Here: figures, their families, channels and bases. What units call them is data (`claim_words.yaml`), their titles stand in the
catalogue of words. Not here: reading a file (`claims_file.py`), counting (`claim_search.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assets.given.headings import Names, names_of
from assets.given.texts import plain
from warehouse_sql.yaml_files import read_yaml

#: Channels that a figure counts, core.dim_channel; in order of how near they are to those before.
CHANNELS: dict[str, frozenset[int]] = {
    "direct": frozenset({1}),
    "direct_postal": frozenset({1, 3}),
    "all": frozenset({1, 2, 3}),
    "online": frozenset({2}),
}
#: received: only dossiers received in the period, as in the sentence of an inspection; form: all, as on form II.06.
BASES = ("received", "form")


@dataclass(frozen=True)
class Measure:
    """A named figure; `near` are others that it is taken for, the likeliest first. A share is of 1."""

    name: str
    is_share: bool = False
    near: tuple[str, ...] = ()
    is_stock: bool = False


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("received", near=("received_total",)),
        Measure("received_total", near=("received",)),
        Measure("carried_over", near=("pending",)),
        Measure("resolved", near=("resolved_timed", "early_or_on_time")),
        Measure("resolved_timed", near=("resolved",)),
        Measure("early", near=("early_or_on_time", "on_time")),
        Measure("on_time", near=("early_or_on_time", "early")),
        Measure("early_or_on_time", near=("early", "resolved")),
        Measure("late", near=("overdue_open", "late_or_overdue", "newly_overdue")),
        Measure("pending", near=("pending_in_time", "carried_over"), is_stock=True),
        Measure("pending_in_time", near=("pending",), is_stock=True),
        Measure("overdue_open", near=("late", "late_or_overdue", "newly_overdue"), is_stock=True),
        Measure("newly_overdue", near=("overdue_open", "late")),
        Measure("late_or_overdue", near=("late", "overdue_open")),
        Measure("resolved_share", is_share=True, near=("on_time_share",)),
        Measure("on_time_share", is_share=True, near=("in_time_share", "resolved_share")),
        Measure("late_share", is_share=True, near=("overdue_share",)),
        Measure("overdue_share", is_share=True, near=("late_share",)),
        Measure("in_time_share", is_share=True, near=("on_time_share",)),
        Measure("online_share", is_share=True),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What a name of a figure means: the figure, the channels it counts and its basis."""

    measure: Measure
    channels: str = "direct"
    basis: str = "received"


def _of(measure: str, channels: str = "direct", basis: str = "received") -> Meaning:
    return Meaning(MEASURES[measure], channels, basis)


_WORDS: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yaml"))
#: The columns of a file of claims, by their headings.
HEADINGS: Names = names_of(_WORDS["headings"])
#: The headings of a template, one for each column.
OFFERED_HEADINGS: tuple[str, ...] = tuple(listed[0] for listed in _WORDS["headings"].values())
#: One name of each figure, and of each scope, as a template offers them.
OFFERED: tuple[str, ...] = tuple(_WORDS["offered_figures"])
SCOPES: tuple[str, ...] = tuple(_WORDS["offered_scopes"])
#: What else stands in a template.
TEMPLATE: dict[str, Any] = _WORDS["template"]
_BY_NAME = {
    plain(name): _of(**{key: value for key, value in entry.items() if key != "names"})
    for entry in _WORDS["figures"]
    for name in entry["names"]
}
_BY_SCOPE = {
    plain(name): (entry["channels"], entry["basis"]) for entry in _WORDS["scopes"] for name in entry["names"]
}
# Those of form II.06, by number.
_COLUMNS = (
    *("received_total", "received", "received", "carried_over", "resolved", "early", "on_time", "late"),
    *("pending", "pending_in_time", "overdue_open"),
)
_COLUMN_CHANNELS = {2: "online", 3: "direct_postal"}
_COLUMN = re.compile(r"(?:bieu (?:so )?(?:ii )?0?6\w? ?)?(?:cot|column) (\d{1,2})")


def meaning_of(figure: str) -> Meaning | None:
    """Returns what a name of a figure means, however it is typed, or None for a name that is not known."""
    written = plain(figure)
    if column := _COLUMN.fullmatch(written):
        number = int(column[1])
        if 1 <= number <= len(_COLUMNS):
            return _of(_COLUMNS[number - 1], _COLUMN_CHANNELS.get(number, "all"), "form")
        return None
    return _BY_NAME.get(written) or _BY_NAME.get(written.removeprefix("so ").removeprefix("ho so "))


def within(meaning: Meaning, scope: str) -> Meaning | None:
    """Returns the meaning within the scope that a file gives, or None for a scope that is not known."""
    scope_words = _BY_SCOPE.get(plain(scope))
    return replace(meaning, channels=scope_words[0], basis=scope_words[1]) if scope_words else None
