"""A source: which portal writes a folder of the landing zone, and how its words are to be taken.

Here: what is known of one source. Not here: reading it from the list of sources (`sources.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assets.given.texts import key
from assets.sources.additions import may_be_a_status, parted
from assets.sources.correction import Correction
from assets.sources.feed import Feed

#: Among headings: those that are known and left alone.
NOT_READ = "not_read"
_NUMBER = re.compile(r"0*(\d+)(?:\.0+)?")


@dataclass(frozen=True)
class StatusMeaning:
    """1..10 for a dossier that was accepted and for one that was not; None: explicitly ignored."""

    accepted: int | None
    not_accepted: int | None


@dataclass(frozen=True)
class ProvinceSpan:
    """The province code from `start` (inclusive) to `end` (exclusive); None is an open end."""

    code: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class ExportTimeWay:
    """One way to tell the export time: `kind` is one of WAYS, `value` a regex, field or words of a cell."""

    kind: str
    value: str


@dataclass(frozen=True)
class Source:
    """One entry of the list; maps are keyed by `texts.key` of the raw code or text."""

    name: str
    title: str
    title_en: str
    portal: str
    provinces: tuple[ProvinceSpan, ...]
    shape: str
    priority: int
    status_map: Mapping[str, StatusMeaning]
    channel_map: Mapping[str, int]
    export_time: tuple[ExportTimeWay, ...]
    #: What the absence of a dossier says: changes, nothing; full, that it is gone; period, that it is gone if it
    #: was received in the period of the list.
    coverage: str = "changes"
    #: What an office corrects of its rows.
    corrections: tuple[Correction, ...] = ()
    #: What it promises to send, and when; None where nothing is promised.
    feed: Feed | None = None
    #: Headings of its lists besides the built-in ones, by canonical column; NOT_READ: those to leave alone.
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def province_on(self, day: date) -> str:
        """Returns the code of the province that the source's units belong to on that day."""
        for span in self.provinces:
            if span.end is None or day < span.end:
                return span.code
        raise AssertionError("spans are checked to cover all days when they are loaded")

    def status(self, raw: str, accepted: bool) -> int | None:
        """1..10; None when the raw status is unknown or to be ignored (`ignores` tells which)."""
        meaning = self._status_meaning(raw)
        if meaning is None:
            return None
        return meaning.accepted if accepted else meaning.not_accepted

    def ignores(self, raw: str) -> bool:
        """Returns whether the list of sources ignores this raw status."""
        return self._status_meaning(raw) == StatusMeaning(None, None)

    def knows_status(self, raw: str) -> bool:
        """Returns whether the list of sources has this raw status just as it is written."""
        return code_key(raw) in self.status_map

    def _status_meaning(self, raw: str) -> StatusMeaning | None:
        """Returns the meaning of the status as written, else of what stands before an addition in brackets.

        None, too, where the addition is a status of another meaning or may be one: then nobody knows which holds.
        """
        meaning = self.status_map.get(code_key(raw))
        if meaning is not None:
            return meaning
        base, additions = parted(raw)
        meaning = self.status_map.get(code_key(base))
        for addition in additions:
            of_addition = self.status_map.get(code_key(addition))
            if of_addition != meaning and (of_addition is not None or may_be_a_status(addition)):
                return None
        return meaning

    def channel(self, raw: str) -> int | None:
        """1 direct, 2 online, 3 postal; None when the raw code or text is unknown."""
        exact = self.channel_map.get(code_key(raw))
        return exact if exact is not None else self.channel_by_words(raw)

    def channel_by_words(self, raw: str) -> int | None:
        """Returns the channel of the first "*words*" entry whose words stand in the text."""
        text = key(raw)
        for pattern, channel in self.channel_map.items():
            if _is_pattern(pattern) and pattern[1:-1] in text:
                return channel
        return None


def code_key(raw: str) -> str:
    """Returns `texts.key`, with the "4.0" and "04" that spreadsheets and serialisers make of a 4 undone."""
    text = key(raw)
    number = _NUMBER.fullmatch(text)
    return number.group(1) if number else text


def _is_pattern(text: str) -> bool:
    return len(text) > 2 and text.startswith("*") and text.endswith("*")
