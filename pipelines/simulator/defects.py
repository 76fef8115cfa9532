"""Bad rows, such as portals send now and then. Each comes on top of the true rows, so the truth stays."""

from __future__ import annotations

from numpy.random import Generator

KINDS = (
    "malformed_code",
    "missing_code",
    "unknown_status",
    "unreadable_date",
    "finished_before_received",
    "duplicate",
)
_UNREADABLE = "32/13/2023 25:61:00"


def bad_row(rng: Generator, received: str) -> dict[str, str]:
    """Returns what one bad row says in place of the fields of the row it copies; empty for an exact duplicate.

    Keys are code, status, received and ended. `received` is the reception in the copied row, as the portal
    writes it, empty when there is none.
    """
    kinds = [kind for kind in KINDS if received or kind != "finished_before_received"]
    changes = {
        "malformed_code": {"code": "HS/0001"},
        "missing_code": {"code": ""},
        "unknown_status": {"status": "77"},
        "unreadable_date": {"received": _UNREADABLE},
        "finished_before_received": {"ended": _in_2010(received)},
        "duplicate": {},
    }
    return changes[kinds[int(rng.integers(len(kinds)))]]


def _in_2010(written: str) -> str:
    """Returns the same instant of the year 2010, in whatever style it is written."""
    for start in (0, 6):
        if written[start : start + 2] == "20" and written[start : start + 4].isdigit():
            return f"{written[:start]}2010{written[start + 4 :]}"
    return written
