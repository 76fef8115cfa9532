"""Codes and statuses as they may be shown: where columns have slipped, a citizen's name may stand in their place."""

from __future__ import annotations

from assets.given.texts import plain, safe_to_show
from assets.sources.additions import without_names

_STATUS_WORDS = (
    *("xu ly", "tiep nhan", "bo sung", "ket qua", "ho so", "giai quyet", "tu choi", "duyet", "cho ", "dung"),
    *("huy", "rut", "tra", "ky", "moi", "luu", "chuyen", "tham dinh"),
)


def safe_code(code: str) -> str:
    """Returns a malformed code as it is, unless it reads like a name, a telephone or an identity number."""
    if len(code) <= 60 and not any(mark.isspace() for mark in code) and any(mark in "-/." for mark in code):
        return code
    return safe_to_show(code)


def safe_status(status: str) -> str:
    """Returns a status as it is where it has the words of one, unless it reads like a name or a number."""
    shown = without_names(status)
    words = plain(shown) + " "
    return (
        shown if len(shown) <= 60 and any(word in words for word in _STATUS_WORDS) else safe_to_show(status)
    )
