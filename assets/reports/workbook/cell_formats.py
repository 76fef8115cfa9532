"""How cells of the workbook look, and the two things every sheet does: write text that stays text, and print well."""

from __future__ import annotations

from typing import Any

from assets.given.texts import FORMULA_MARKS
from assets.reports.words.form_texts import FormWords

# Dots between thousands, in English commas, whatever the language of the machine.
_COUNT = {
    False: r"[>=1000000]#\.###\.##0;[>=1000]#\.##0;0",
    True: r'[>=1000000]#","###","##0;[>=1000]#","##0;0',
}
# Such a format has no room for a sign: what is negative has one of its own.
_NEGATIVE = {False: r"0;\-#\.##0", True: r'0;\-#","##0'}
_SMALL_NEGATIVE = r"0;\-0"
# English names the month, in English on every machine: 03/08/2023 is read as the eighth of March by many.
_DAY = {False: "dd/mm/yyyy", True: "[$-809]dd mmm yyyy"}
_A4 = 9
_GREY, _BLUE, _PALE = "#F2F2F2", "#E8EEF4", "#F8FAFC"

Formats = dict[str, Any]


def formats_of(book: Any, words: FormWords) -> Formats:
    """Returns formats by name; "risky" before a name is its like for text that a spreadsheet would take for a
    formula.
    """
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    framed = base | {"border": 1}
    count = framed | {"num_format": _COUNT[words.is_english], "align": "right", "indent": 1}
    texts = {
        "text": framed | {"text_wrap": True, "indent": 1},
        "inner": framed | {"text_wrap": True, "indent": 2},
        "group_text": framed | {"text_wrap": True, "bold": True, "indent": 1, "bg_color": _PALE},
        "part": framed | {"text_wrap": True, "indent": 1},
        "plain": base,
        "wrapped": base | {"text_wrap": True, "valign": "top"},
        "stamp": base | {"bold": True, "text_wrap": True, "valign": "top"},
        "list_title": base | {"bold": True},
        "title": base | {"bold": True, "font_size": 13, "align": "center", "text_wrap": True},
        "line": base | {"align": "center", "text_wrap": True},
        "units": base | {"text_wrap": True, "valign": "top"},
        "note": base | {"text_wrap": True, "italic": True, "font_size": 10, "valign": "top"},
        "unit": base | {"align": "right", "italic": True, "font_size": 10},
    }
    others = {
        "place": framed | {"align": "center"},
        "group_place": framed | {"align": "center", "bold": True, "bg_color": _PALE},
        "number": framed | {"num_format": _COUNT[words.is_english], "align": "center"},
        "count": count,
        "share": framed | {"num_format": "0.######"},
        "group_count": count | {"bold": True, "bg_color": _PALE},
        "total": count | {"bold": True, "bg_color": _GREY},
        "total_text": framed | {"bold": True, "indent": 1, "bg_color": _GREY},
        "check": count | {"italic": True, "num_format": _SMALL_NEGATIVE},
        "check_text": framed | {"italic": True, "indent": 1, "text_wrap": True, "font_size": 10},
        "wrong": {"font_color": "#FFFFFF", "bg_color": "#B3261E", "bold": True},
        "aside": base
        | {"italic": True, "font_size": 9, "text_wrap": True, "align": "center", "font_color": "#555555"},
        "aside_count": base | {"font_size": 9, "align": "center", "font_color": "#555555", "num_format": "0"},
        "head": framed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": _BLUE},
        "index": framed | {"align": "center", "italic": True, "font_size": 8, "text_wrap": True},
        "signer": base | {"bold": True, "align": "center", "text_wrap": True},
        "day": framed | {"num_format": _DAY[words.is_english], "align": "center"},
        "instant": framed | {"num_format": f"{_DAY[words.is_english]} hh:mm", "align": "center"},
    }
    # An apostrophe before it in the eyes of a spreadsheet: text, however it begins.
    risky = {f"risky_{name}": definition | {"quote_prefix": True} for name, definition in texts.items()}
    negative = {
        f"{prefix}_{name}": others[name] | {"num_format": number_format}
        for name in ("count", "group_count", "total")
        for prefix, number_format in (("less", _SMALL_NEGATIVE), ("much_less", _NEGATIVE[words.is_english]))
    }
    every = texts | others | risky | negative
    return {name: book.add_format(definition) for name, definition in every.items()}


def counting(formats: Formats, kind: str, value: int) -> Any:
    """Returns the format of a count, total or group_count that is below nothing as well."""
    return formats[kind if value >= 0 else f"less_{kind}" if value > -1000 else f"much_less_{kind}"]


def lines_of(text: str, letters: float) -> int:
    """Returns how many lines a text takes in a column of so many letters; not every program works it out."""
    return max(1, -(-len(text) // max(1, int(letters))))


def write_text(sheet: Any, row: int, column: int, value: str, formats: Formats, kind: str = "text") -> None:
    """Writes text that stays text, however it begins."""
    sheet.write_string(
        row, column, value, formats[f"risky_{kind}" if value.startswith(FORMULA_MARKS) else kind]
    )


def set_up_print(
    sheet: Any, repeated: tuple[int, int], last: tuple[int, int], words: FormWords, is_whole: bool = False
) -> None:
    """Sets a sheet up for A4 landscape: as wide as a page (with `is_whole` as high, too), with the `repeated` rows on each page,
    up to the row and column `last`.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, int(is_whole))
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.repeat_rows(*repeated)
    sheet.print_area(0, 0, *last)
    sheet.set_footer(f"&L&A&R{'Page' if words.is_english else 'Trang'} &P/&N")
