"""A JSON export in pieces of some thousand records: memory is bounded whatever its size.

The list of records is taken apart with the decoder that reads whole files, one record at a time. What is not surely so read
raises InDoubtError: the whole file then says why it is refused, or how it is to be read (`json_file.py`).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assets.given.encodings import holds_text_decoded_twice
from assets.given.json_file import is_packed, load_json, other_form, records_of, unpacked
from assets.given.unreadable import InDoubtError

#: Unpacked; a larger file is a bomb or the wrong one. Of what is packed tighter than an export the rest is never unpacked.
MAX_PIECES_BYTES = 16 * 1024**3
_CHUNK = 2 * 1024**2
_RECORDS = 5_000
_LONGEST_RECORD = 32 * 1024**2
_LONGEST_TAIL = 1024**2
_OVERLAP = 16
_BLANK = re.compile(r"[ \t\n\r]*")
# These stand around records. Where one of them is next, there is no blank to skip.
_MARKS = frozenset("{,]")
_TEXT = r'"(?:[^"\\]|\\.)*"'
_HEAD = r"[ \t\n\r]*(\{{(?:\s*{text}\s*:\s*(?:{text}|[\w.+-]+)\s*,)*\s*{name}\s*:\s*)?\["


@dataclass
class Listed:
    """The records of a file in batches, and what else its envelope says: all of that only behind the last batch."""

    batches: Iterator[list[Any]]
    envelope: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    is_whole: bool = False


def listed_whole(content: bytes, list_name: str, expected: str) -> Listed:
    """Returns the records of a file, all in one batch. Raises UnreadableExportError where it can't be read."""
    value, remarks = load_json(content)
    envelope = value if isinstance(value, dict) else {}
    values = envelope.get(list_name) if isinstance(value, dict) else value
    if not isinstance(values, list):
        raise other_form(expected)
    return Listed(iter([values]), envelope, remarks, is_whole=True)


def listed_in_pieces(content: bytes, list_name: str) -> Listed:
    """Returns the records of a large file. Raises InDoubtError, also from the batches, where it has to be read whole."""
    if not is_packed(content) and len(content) <= _CHUNK:
        raise InDoubtError
    text = _Text(_chunks(content))
    text.more()
    if text.is_ended:
        raise InDoubtError
    head = re.compile(_HEAD.format(text=_TEXT, name=re.escape(json.dumps(list_name)))).match(text.rest)
    if head is None:
        raise InDoubtError
    opening = head[0] if head[1] else ""
    listed = Listed(iter(()), _envelope(opening, "]}") if opening else {})
    text.place = head.end()
    listed.batches = _batches(text, opening, list_name, listed)
    return listed


def numbered(batches: Iterable[list[Any]]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yields the records of each batch with the place, from 1, of its first in the list."""
    first = 1
    for values in batches:
        yield first, records_of(values)
        first += len(values)


def _chunks(content: bytes) -> Iterator[bytes]:
    if is_packed(content):
        return unpacked(content, MAX_PIECES_BYTES, _CHUNK)
    return (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))


@dataclass
class _Text:
    """What is decoded and not yet read: `rest` from `place` on."""

    chunks: Iterator[bytes]
    rest: str = ""
    place: int = 0
    is_ended: bool = False
    decoder: Any = field(default_factory=codecs.getincrementaldecoder("utf-8-sig"))
    last: bytes = b""

    def more(self) -> bool:
        """Decodes one more chunk. Returns False if there is none."""
        chunk = next(self.chunks, None)
        self.is_ended = chunk is None
        if chunk is not None and (b"\0" in chunk or holds_text_decoded_twice(self.last + chunk)):
            raise InDoubtError
        try:
            added = self.decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError:
            raise InDoubtError from None
        self.last = (chunk or b"")[-_OVERLAP:]
        self.rest, self.place = self.rest[self.place :] + added, 0
        if len(self.rest) > _LONGEST_RECORD:
            raise InDoubtError
        return not self.is_ended

    def after_blank(self, place: int) -> int:
        """Returns the next place where something stands."""
        if self.rest[place : place + 1] in _MARKS:  # most files have no blanks there
            return place
        match = _BLANK.match(self.rest, place)
        return match.end() if match else place


def _batches(text: _Text, opening: str, list_name: str, listed: Listed) -> Iterator[list[Any]]:
    """Yields the records in batches, and leaves the whole envelope in `listed`."""
    decode = json.JSONDecoder().raw_decode
    batch: list[Any] = []
    while True:
        start = text.after_blank(text.place)
        try:
            value, end = decode(text.rest, start)
            end = text.after_blank(end)
            mark = text.rest[end]  # a number may go on in the next chunk
        except (ValueError, IndexError):
            if text.more():
                continue
            raise InDoubtError from None
        except RecursionError:
            raise InDoubtError from None
        batch.append(value)
        text.place = end + 1
        if mark == "]":
            break
        if mark != ",":
            raise InDoubtError
        if len(batch) >= _RECORDS:
            yield batch
            batch = []
    envelope = _behind(text, opening, list_name)
    if any(envelope[name] != value for name, value in listed.envelope.items() if name != list_name):
        raise InDoubtError  # what stood before the list was believed, and is stated otherwise behind it
    listed.envelope = envelope
    yield batch


def _behind(text: _Text, opening: str, list_name: str) -> dict[str, Any]:
    """Returns the envelope, read to its end."""
    while text.more():
        if len(text.rest) > _LONGEST_TAIL:
            raise InDoubtError
    tail = text.rest[text.place :]
    if not opening:
        if _BLANK.fullmatch(tail):
            return {}
        raise InDoubtError
    if list_name in tail or "\\" in tail:  # of two lists of one name the last is meant
        raise InDoubtError
    return _envelope(opening, "]" + tail)


def _envelope(opening: str, tail: str) -> dict[str, Any]:
    try:
        value = json.loads(opening + tail)
    except (ValueError, RecursionError):
        raise InDoubtError from None
    if not isinstance(value, dict):
        raise InDoubtError
    return value
