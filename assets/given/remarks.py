"""Remarks of readers that also say in parts what is new, so that drift need not be read out of sentences.

Not here: what a sentence says (`readers/`), or when a thing came first (`completeness.py`).
"""

from __future__ import annotations

from assets.given.personal import is_personal, shape_of
from assets.given.texts import normalise

HEADING, CODE, TYPE, PAGE = "heading", "code", "type", "page"


class Unknown(str):
    """A remark on a heading or a code that no list knows, or on the rest of a list: a sentence in Vietnamese, with its parts.

    `example` is the code as it may be shown; None for a heading, which `name` holds.
    """

    kind: str
    name: str
    example: str | None

    def __new__(cls, sentence: str, kind: str, name: str, example: str | None = None) -> Unknown:
        """`name` is the heading, or the source's own name of the field of the code."""
        made = super().__new__(cls, sentence)
        made.kind, made.name, made.example = kind, safe_heading(name), example
        return made

    def __reduce__(self) -> tuple[type[Unknown], tuple[str, str, str, str | None]]:
        """Returns what another process makes the same remark of."""
        return Unknown, (str(self), self.kind, self.name, self.example)


def safe_heading(written: str) -> str:
    """Returns a heading as it is; what looks like a person's data by its shape alone, as "(chữ, 3 từ)"."""
    return shape_of(written) if is_personal(written) else normalise(written)
