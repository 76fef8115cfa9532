"""The words of a catalogue of procedures: its headings (`catalogue_words.yaml`), and what its cells say.

Here: what portals and decisions write, to the words of core.dim_procedure. Not here: the way through a file
(`catalogue_file.py`).
"""

from __future__ import annotations

import re
from pathlib import Path

from assets.given.headings import read_vocabulary
from assets.given.texts import plain

CATALOGUE_LIST = read_vocabulary(Path(__file__).with_suffix(".yaml"), "code")

_SERVICE = (
    ("full", re.compile(r"\btoan trinh\b|^(?:muc (?:do )?)?4$|^full$")),
    ("partial", re.compile(r"\bmot phan\b|^(?:muc (?:do )?)?3$|^partial$")),
    ("information", re.compile(r"\bcung cap thong tin\b|^(?:muc (?:do )?)?[12]$|^information$|^con lai$")),
)
_LEVEL = (
    ("ministry", re.compile(r"\b(?:bo|trung uong|ministry)\b")),
    ("province", re.compile(r"\b(?:tinh|so|province)\b")),
    ("district", re.compile(r"\b(?:huyen|(?<!co )quan|thi xa|district)\b")),
    ("commune", re.compile(r"(?<!thi )\bxa\b|\b(?:phuong|commune)\b")),
    ("other", re.compile(r"\b(?:khac|other)\b")),
)
_NOT_IN_FORCE = re.compile(
    r"\b(?:het hieu luc|bai bo|huy bo|khong con|ngung|khong ap dung|(?:bi|da|duoc) thay the|da dong|khong cong khai)\b"
)
_NO = re.compile(r"^(?:khong|chua|mien|none|false|no)\b|^[-x0. ]*$")
_YES = re.compile(r"^(?:co|true|yes|x|theo quy dinh|thu)\b")
_SECTION = re.compile(r"^(?:[IVXLC\d.]+[.)]?\s+|[A-Z][.)]\s*)?lĩnh vực\s*:?\s*(.+)$", re.IGNORECASE)


def service_level(text: str) -> str | None:
    """Returns full, partial or information, or None when it is not known."""
    words = plain(text)
    return next((level for level, pattern in _SERVICE if pattern.search(words)), None)


def level(text: str) -> str | None:
    """Returns the levels named, joined by a comma: "province, commune", or None when none is."""
    words = plain(text)
    return ", ".join(name for name, pattern in _LEVEL if pattern.search(words)) or None


def is_ended(text: str) -> bool:
    """Returns whether the state of a row says that the procedure is no longer in force."""
    return _NOT_IN_FORCE.search(plain(text)) is not None


def is_fee(text: str) -> bool | None:
    """Returns whether fees are charged: "8.000 đồng/bản" and "Có" yes, "Không" and "0" no; None when it is
    not certain.
    """
    words = plain(text)
    if re.search(r"[1-9]", words):
        return True
    if words == "x" or _YES.match(words):
        return True
    return False if _NO.match(words) or re.fullmatch(r"0[0 ]*(?:dong|d|vnd)?", words) else None


def is_paper(text: str) -> bool | None:
    """Returns whether the result is a paper, or None when it is not certain."""
    words = plain(text)
    if words in ("1", "x") or words.startswith(("co", "ban giay", "giay", "true")):
        return True
    return False if words == "0" or words.startswith(("khong", "ban dien tu", "dien tu", "false")) else None


def section_sector(cells: list[str]) -> str | None:
    """Returns the sector that a section row names: "II. LĨNH VỰC HỘ TỊCH" -> "HỘ TỊCH"."""
    return next((match[1].strip(" .:") for cell in cells if (match := _SECTION.match(cell))), None)
