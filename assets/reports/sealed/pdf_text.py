"""Texts from outside as the document can show them: a letter that its fonts have not would stop the archive format.

A letter of another script may be shown or not; the compiler is asked once for each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import typst

#: The font that the template sets everything in but digests.
FONT = "Libertinus Serif"
_MISSING = "□"
#: Letters and signs that the font is known to have: Latin with all of Vietnamese, punctuation, arithmetic.
_KNOWN = frozenset(
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA0, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2212, 0x2212))
    for code in range(first, last + 1)
) | {_MISSING}
#: So many other letters are asked for; what has more is no text of an office.
_MOST_ASKED = 200


def showable(value: Any) -> Any:
    """Returns the value with each text in it as the document can show it: NFC, on one line, □ for what no font has."""
    letters = sorted({letter for text in _texts(value) for letter in _clean(text)} - _KNOWN)
    # the same of the same texts, whatever was asked before
    known = _KNOWN | {letter for letter in letters[:_MOST_ASKED] if _can_show(letter)}
    return _shown(value, known)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _shown(value: Any, known: frozenset[str]) -> Any:
    if isinstance(value, str):
        clean = value if known.issuperset(value) else _clean(value)
        return (
            clean
            if known.issuperset(clean)
            else "".join(letter if letter in known else _MISSING for letter in clean)
        )
    if isinstance(value, dict):
        return {name: _shown(item, known) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(item, known) for item in value]
    return value


def _clean(text: str) -> str:
    if _KNOWN.issuperset(text):
        return text
    return " ".join(unicodedata.normalize("NFC", text).split())


@cache
def _can_show(letter: str) -> bool:
    if unicodedata.category(letter) in ("Cc", "Co", "Cs", "Cn"):
        return False
    source = f'#set document(title: "x")\n#set text(font: "{FONT}", lang: "vi")\n#text(sys.inputs.letter)'
    try:
        typst.compile(
            source.encode(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"letter": f"x{letter}x"},
            timestamp=0,
            pdf_standards=["a-2a", "ua-1"],
        )
    except typst.TypstError:
        return False
    return True
