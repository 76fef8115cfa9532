"""What a source stated of a dossier, as people read it: the words of codes, days and numbers as the language writes them.

A value that is not of the type of its attribute stays as it was stated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from assets.board.words import NOTHING, Words
from assets.sources.canonical import DOSSIER_ATTRIBUTES

_TYPES = {attribute.name: attribute.type for attribute in DOSSIER_ATTRIBUTES}
#: Stated by a list that does not name the dossier.
_MISSING_SINCE = "missing_since"


def stated(
    attribute: str, value: str | None, words: Words, statuses: Mapping[int, str], channels: Mapping[int, str]
) -> str:
    """Returns the value of an attribute, which the warehouse has as text; a dash for none."""
    if value is None:
        return NOTHING
    try:
        match attribute:
            case "status":
                written = statuses[int(value)]
            case "channel":
                written = channels[int(value)]
            case "payment_online" | "limit_unit":
                written = str(words[f"words.{attribute}"][value])
            case "supplements":
                written = "; ".join(_supplement(window, words) for window in json.loads(value)) or NOTHING
            case _:
                written = _typed(attribute, value, words)
    except (KeyError, ValueError, TypeError):
        written = value
    return written


def _typed(attribute: str, value: str, words: Words) -> str:
    type_ = _TYPES.get(attribute, pl.String)
    if type_ == pl.Boolean:
        return str(words["flags.yes" if {"true": True, "false": False}[value] else "flags.no"])
    if attribute == _MISSING_SINCE or isinstance(type_, pl.Datetime):
        return words.value(datetime.fromisoformat(value), "instant")
    if type_ == pl.Int64:
        return words.value(int(value), "count")
    if type_ == pl.Float64:
        return words.value(float(value), "count" if float(value).is_integer() else "hours")
    return value


def _supplement(window: Mapping[str, Any], words: Words) -> str:
    instants = {
        name: datetime.fromisoformat(moment) if (moment := window.get(name)) else None
        for name in ("requested_at", "resumed_at", "due_before", "due_after")
    }
    return words.say("card.supplement", **instants)
