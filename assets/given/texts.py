"""How texts are compared: portals write one name in NFC or NFD, in any case and with stray blanks.

Here: the normal forms of a text, and what of a misplaced value may be shown to a person.
Not here: lists of known words of a portal (`sources.yaml`, `readers/`).
"""

from __future__ import annotations

import re
import unicodedata

#: What spreadsheet programs take for the beginning of a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
# Zero-width marks come along with copied cells; NUL cannot be stored by PostgreSQL; other control characters
# and marks that turn the direction of writing can forge what a terminal shows.
_CONTROL = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
INVISIBLE = f"[{_CONTROL}]"
#: Other ends of lines than those of a text file.
ODD_LINE_ENDS = "[\u000b\u000c\u0085\u2028\u2029]"
# A lone surrogate is not a character at all.
_INVISIBLE = re.compile(f"[{_CONTROL}\ud800-\udfff]")
_LONGEST_SHOWN = 80
_PUNCTUATION = re.compile(r"[\W_]+")
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,]*\d{1,2}(:\d{1,2}){0,2}([.,]\d+)?\s*(Z|[+-][\d:]{2,5})?)?", re.I
)
_SHORT_WORD = re.compile(r"[\w?#/().-]{1,12}")


def neutral(value: str) -> str:
    """Returns the text, with an apostrophe before what a spreadsheet program might take for a formula."""
    return (
        f"'{value}"
        if value.startswith(FORMULA_MARKS) or value.lstrip(" \u00a0").startswith(FORMULA_MARKS)
        else value
    )


def normalise(text: str) -> str:
    """Returns the text in NFC, with inner blanks squeezed to one and none around it."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def shown(text: str) -> str:
    """Returns a name out of a file, fit for a message: on one line, printable, not too long."""
    name = "".join(mark for mark in normalise(text) if mark.isprintable())
    return name if len(name) <= _LONGEST_SHOWN else name[: _LONGEST_SHOWN - 1] + "…"


def key(text: str) -> str:
    """Returns what two texts are compared by: `normalise` plus case folding."""
    return normalise(text).casefold()


def plain(text: str) -> str:
    """Returns lower-case Latin words without diacritics or punctuation, for words typed in any fashion."""
    return _PUNCTUATION.sub(" ", without_marks(key(text))).strip()


def without_marks(text: str) -> str:
    """Returns lower-case `text` without diacritics; signs stay."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


def safe_to_show(value: str) -> str:
    """Returns `value`, or a description of it when it might be a citizen's name, telephone or identity number.

    Where columns have slipped, a date field holds such things. Shown as they are: attempts at a date,
    digit runs of other lengths than telephone and identity numbers, and one short word.
    """
    text = normalise(value)
    digits = sum(mark.isdigit() for mark in text)
    if _DATE_LIKE.fullmatch(text) or (text.isdigit() and (digits < 8 or digits in (8, 14))):
        return text
    if _SHORT_WORD.fullmatch(text) and digits < 6:
        return text
    if not any(mark.isalnum() for mark in text):
        return text[:12]
    if not any(mark.isalpha() for mark in text):
        return f"(dãy {digits} chữ số)"
    return f"(chữ: {len(text.split())} từ, {len(text)} ký tự)"
