"""The parts of a document that motcua wrote: what a person may fill in left aside, so that the rest can be held against it.

A part is a paragraph or a row of a table, by its words alone: fonts, layout and whatever a word processor makes of the
file when it saves it do not matter. What has dots or boxes to fill is no part. Not here: what a file is (`verify.py`).
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: A part as the register keeps it: section, digest, first words.
Part = tuple[str, str, str]
_BLANK = re.compile(r"…|\.{4}|□")
_FIRST_WORDS = 60
#: More than any document of a report unpacks to.
_LARGEST = 256 << 20


class UnreadableError(ValueError):
    """A file is no document that can be read."""


def parts_of(file: Path) -> list[Part]:
    """Returns the parts of a document that motcua has just written. Sections are its first headings."""
    parts, section = [], ""
    for style, words in _blocks(file):
        if style == "Heading 1":
            section = words
        if words and not _BLANK.search(words):
            parts.append((section, _digest(words), words[:_FIRST_WORDS]))
    return parts


def missing_parts(file: Path, parts: Sequence[Part]) -> list[Part]:
    """Returns those of the parts that no longer stand in their section of a document, or not as often.

    Raises UnreadableError.
    """
    sections = {section for section, _, _ in parts}
    standing: Counter[tuple[str, str]] = Counter()
    section = ""
    for _, words in _blocks(file):
        if words and words in sections:
            section = words
        standing[section, _digest(words)] += 1
    missing = []
    for part in parts:
        place = part[0], part[1]
        if standing[place]:
            standing[place] -= 1
        else:
            missing.append(part)
    return missing


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _blocks(file: Path) -> Iterator[tuple[str, str]]:
    """Yields style and words of every paragraph, and of every row of a table, in their order."""
    from docx import Document  # noqa: PLC0415 - a third of a second, paid only by who reads a document
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST:
                raise UnreadableError
        body: Any = Document(str(file))
        for block in body.iter_inner_content():
            if isinstance(block, Paragraph):
                yield str(getattr(block.style, "name", "")), _words(block.text)
            elif isinstance(block, Table):
                for row in block._tbl.tr_lst:
                    cells = ("".join(run.text or "" for run in cell.iter(qn("w:t"))) for cell in row.tc_lst)
                    yield "", " | ".join(map(_words, cells))
    except UnreadableError:
        raise
    # Whatever a file that is none may raise.
    except Exception as error:
        raise UnreadableError from error


def _words(text: str) -> str:
    return " ".join(text.split())
