"""Forms II.06a, b and c as sheets: the ministry's headings, totals and checks as formulas with their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from assets.reports.reading.by_sector import COUNTS, level_sectors, total
from assets.reports.reading.figures import Figures
from assets.reports.statements.queries import number
from assets.reports.statements.rows import CountsRow, FormSectorRow
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords, sector_name
from assets.reports.words.points import form_lines
from assets.reports.workbook.cell_formats import Formats, counting, lines_of, set_up_print, write_text

_FIRST = 2  # column of figure 1, after STT and the name
_LAST = _FIRST + len(COUNTS) - 1
_NAME_LETTERS = 30
_LINE_LETTERS = 150  # of the whole width
_CHECK = _LAST + 2  # of each row, right of what is printed
_HEAD = 6
_NUMBERS = _HEAD + 3
_DATA = _NUMBERS + 1
#: A form of at most so many lines is printed on one page.
_LINES_OF_A_PAGE = 24
#: Columns of the head of the sheet: the stamp, the title, the units.
_STAMP, _TITLE, _UNITS = (0, 1), (2, 8), (9, _LAST)
_IDENTITIES = (
    ("received_total", ("received_online", "received_direct_postal", "carried_over")),
    ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("pending_total", ("pending_in_time", "pending_overdue")),
)
_BALANCE = ("received_total", ("resolved_total", "pending_total"))


@dataclass(frozen=True)
class Line:
    """A row of a form: `depth` 0 stands alone, 1 is the sum of the rows of depth 2 below it."""

    place: str
    name: str
    counts: CountsRow
    depth: int = 0


@dataclass(frozen=True)
class Form:
    """One of the three forms."""

    letter: str
    heading: str
    lines: Sequence[Line]


def forms(figures: Figures, sectors: Sequence[FormSectorRow], words: FormWords) -> list[Form]:
    """II.06a, b and c of these figures; `sectors` are those of `by_sector.unit_sectors`."""
    return [
        Form(
            "a", "form.unit", [Line(str(n), row["unit_name"], row) for n, row in enumerate(figures.form, 1)]
        ),
        Form("b", "form.level_and_sector", list(_by_level(sectors, words))),
        Form("c", "form.unit_and_sector", list(_by_unit(sectors, words))),
    ]


def _by_level(sectors: Sequence[FormSectorRow], words: FormWords) -> list[Line]:
    lines: list[Line] = []
    rows = level_sectors(sectors)
    levels = list(dict.fromkeys(row["level"] for row in rows))
    for n, level in enumerate(levels):
        of_level = [row for row in rows if row["level"] == level]
        lines.append(Line("ABCD"[n], words.official(f"levels.{level}"), total(of_level), 1))
        lines += [
            Line(str(i), sector_name(row["field_name"], words), row, 2) for i, row in enumerate(of_level, 1)
        ]
    return lines


def _by_unit(sectors: Sequence[FormSectorRow], words: FormWords) -> list[Line]:
    of_unit: dict[tuple[Any, Any], list[FormSectorRow]] = {}
    for row in sectors:
        of_unit.setdefault((row["unit_code"], row["valid_from"]), []).append(row)
    lines: list[Line] = []
    for n, rows in enumerate(of_unit.values(), 1):
        lines.append(Line(str(n), rows[0]["unit_name"], total(rows), 1))
        lines += [
            Line(f"{n}.{i}", sector_name(row["field_name"], words), row, 2) for i, row in enumerate(rows, 1)
        ]
    return lines


def write_form(sheet: Any, formats: Formats, figures: Figures, form: Form, words: FormWords) -> None:
    """Writes one form; `Biểu II.06a` has to be a sheet of the same workbook."""
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, _NAME_LETTERS + 3)
    sheet.set_column(_FIRST, _LAST, 10.5)
    sheet.set_column(_LAST + 1, _LAST + 1, 2)
    sheet.set_column(_CHECK, _CHECK, 11)
    _write_head(sheet, formats, figures, form, words)
    _write_headings(sheet, formats, form, words, figures)
    for at, line in enumerate(form.lines, start=_DATA):
        _write_line(sheet, formats, at, line, form, figures)
    end = _write_sums(sheet, formats, figures, form, words)
    if form.letter == "a":
        end = _write_parts(sheet, formats, figures, end + 1, words)
    end = _write_signatures(sheet, formats, end + 2, words)
    sheet.freeze_panes(_DATA, _FIRST)
    # Otherwise the signatures of a form a little longer than a page would stand alone on a second one.
    is_whole = len(form.lines) <= _LINES_OF_A_PAGE
    set_up_print(sheet, (_HEAD, _NUMBERS), (end, _LAST), words, is_whole)


def _write_head(sheet: Any, formats: Formats, figures: Figures, form: Form, words: FormWords) -> None:
    def block(first: int, last: int, columns: tuple[int, int], content: str, kind: str) -> None:
        sheet.merge_range(first, columns[0], last, columns[1], "", formats[kind])
        write_text(sheet, first, columns[0], content, formats, kind)

    block(0, 3, _STAMP, words.official("form.stamp", letter=form.letter), "stamp")
    block(0, 1, _TITLE, words.official("form.title"), "title")
    block(2, 2, _TITLE, words.official(f"form.how_{form.letter}"), "line")
    block(3, 3, _TITLE, words.official_period(figures), "line")
    units = (
        f"{words.official('form.reporting', unit=words.unit(figures))}\n{words.official('form.receiving')}"
    )
    block(0, 3, _UNITS, units, "units")
    basis = words.say("form.basis", rule_set=figures.request.rule_set, known=wording.known(figures))
    note = " ".join(
        part for part in (basis, wording.unit_view(figures), wording.incomplete_feeds(figures)) if part
    )
    block(4, 4, (0, _LAST), note, "note")
    block(5, 5, (_TITLE[1], _LAST), words.official("form.measured_in").replace("\n", " / "), "unit")
    heights = (
        36 if words.is_english else 22,
        36 if words.is_english else 22,
        30 if words.is_english else 17,
        30,
        15 * -(-len(note) // 165),
        16,
    )
    for row, height in enumerate(heights):
        sheet.set_row(row, height)


def _write_headings(sheet: Any, formats: Formats, form: Form, words: FormWords, figures: Figures) -> None:
    def merged(first_row: int, first: int, last_row: int, last: int, heading: str) -> None:
        sheet.merge_range(first_row, first, last_row, last, heading, formats["head"])

    merged(_HEAD, 0, _HEAD + 2, 0, "STT")
    merged(_HEAD, 1, _HEAD + 2, 1, words.official(form.heading))
    for group, (whole, parts) in zip(("received", "resolved", "pending"), _IDENTITIES, strict=True):
        first = _FIRST + COUNTS.index(whole)
        merged(_HEAD, first, _HEAD, first + len(parts), words.official(f"groups.{group}"))
        for name in (whole, *parts):
            if name not in ("received_online", "received_direct_postal"):
                column = _FIRST + COUNTS.index(name)
                merged(_HEAD + 1, column, _HEAD + 2, column, words.official(f"columns.{name}"))
    online = _FIRST + COUNTS.index("received_online")
    merged(_HEAD + 1, online, _HEAD + 1, online + 1, words.official("form.in_period"))
    for column, name in ((online, "received_online"), (online + 1, "received_direct_postal")):
        sheet.write_string(_HEAD + 2, column, words.official(f"columns.{name}"), formats["head"])
    sheet.merge_range(_HEAD, _CHECK, _HEAD + 2, _CHECK, words.official("form.check_row"), formats["aside"])
    for row, height in zip(
        range(_HEAD, _NUMBERS), (32, 32, 76) if words.is_english else (20, 18, 48), strict=True
    ):
        sheet.set_row(row, height)
    for column in range(_FIRST):
        sheet.write_blank(_NUMBERS, column, None, formats["index"])
    for column, name in enumerate(COUNTS, start=_FIRST):
        sheet.write_string(_NUMBERS, column, _numbered(name, figures), formats["index"])
    sheet.set_row(_NUMBERS, 24)


def _numbered(name: str, figures: Figures) -> str:
    """Returns (1)=(2)+(3)+(4): the number of a column and what it is the sum of."""
    parts = dict(_identities(figures)).get(name)
    if parts is None:
        # Where not all of it is timed, what is resolved is what is not open any more.
        return f"({COUNTS.index(name) + 1})" if name != "resolved_total" else "(5)\n=(1)−(9)"
    numbers = "+".join(f"({COUNTS.index(part) + 1})" for part in parts)
    return f"({COUNTS.index(name) + 1})\n={numbers}"


def _identities(figures: Figures) -> Sequence[tuple[str, Sequence[str]]]:
    return [
        identity
        for identity in _IDENTITIES
        if identity[0] != "resolved_total" or figures.rule_set["times_all"]
    ]


def _write_line(sheet: Any, formats: Formats, at: int, line: Line, form: Form, figures: Figures) -> None:
    kind = ("", "group_", "")[line.depth]
    sheet.write_string(at, 0, line.place, formats[f"{kind}place"])
    write_text(sheet, at, 1, line.name, formats, ("text", "group_text", "inner")[line.depth])
    height = 15 * sum(lines_of(part, _NAME_LETTERS) for part in line.name.split("\n"))
    is_folded = line.depth == 2 and form.letter == "c"
    if is_folded or height > 15:
        sheet.set_row(at, height, None, {"level": 1} if is_folded else {})
    last = at
    if line.depth == 1:
        while last - _DATA + 1 < len(form.lines) and form.lines[last - _DATA + 1].depth == 2:
            last += 1
    for column, name in enumerate(COUNTS, start=_FIRST):
        if line.depth == 1:
            formula = f"=SUBTOTAL(9,{xl_range(at + 1, column, last, column)})"
            sheet.write_formula(
                at,
                column,
                formula,
                counting(formats, "group_count", number(line.counts, name)),
                number(line.counts, name),
            )
        else:
            sheet.write_number(
                at, column, number(line.counts, name), counting(formats, "count", number(line.counts, name))
            )
    parts = [
        (_cells(at, whole, of), wording.difference(line.counts, whole, of))
        for whole, of in _all_sums(figures)
    ]
    formula = "=" + "+".join(f"ABS({cells})" for cells, _ in parts)
    sheet.write_formula(at, _CHECK, formula, formats["aside_count"], sum(abs(value) for _, value in parts))


def _all_sums(figures: Figures) -> Sequence[tuple[str, Sequence[str]]]:
    return (*_identities(figures), _BALANCE)


def _cells(at: int, whole: str, of: Sequence[str]) -> str:
    """C9-(D9+E9+F9)."""
    cells = [xl_rowcol_to_cell(at, _FIRST + COUNTS.index(name)) for name in (whole, *of)]
    return f"{cells[0]}-({'+'.join(cells[1:])})"


def _write_sums(sheet: Any, formats: Formats, figures: Figures, form: Form, words: FormWords) -> int:
    """Writes the total row and the rows that check it. Returns the last of them."""
    at = _DATA + len(form.lines)
    sums = total(line.counts for line in form.lines if line.depth < 2)
    sheet.write_blank(at, 0, None, formats["total_text"])
    sheet.write_string(at, 1, words.official("form.total").replace("\n", " / "), formats["total_text"])
    call = "SUM(" if form.letter == "a" else "SUBTOTAL(9,"  # leaves out the subtotals in its range
    for column, name in enumerate(COUNTS, start=_FIRST):
        if form.lines:
            formula = f"={call}{xl_range(_DATA, column, at - 1, column)})"
            sheet.write_formula(
                at, column, formula, counting(formats, "total", number(sums, name)), number(sums, name)
            )
        else:
            sheet.write_number(at, column, 0, formats["total"])
    numbers = {name: n for n, name in enumerate(COUNTS, 1)}
    named = "; ".join(
        f"({numbers[whole]}) − [{' + '.join(f'({numbers[part]})' for part in of)}]"
        for whole, of in _identities(figures)
    )
    checks = [
        (
            words.official("form.check", sums=named),
            {w: (_cells(at, w, of), wording.difference(sums, w, of)) for w, of in _identities(figures)},
        ),
        (
            words.official("form.check_balance"),
            {_BALANCE[0]: (_cells(at, *_BALANCE), wording.difference(sums, *_BALANCE))},
        ),
    ]
    if form.letter != "a":
        checks.append((words.official("form.check_units"), _against_units(figures, at, sums, words)))
    for row, (label, cells) in enumerate(checks, start=at + 1):
        _write_check(sheet, formats, row, label, cells)
    return at + len(checks)


def _write_parts(sheet: Any, formats: Formats, figures: Figures, at: int, words: FormWords) -> int:
    """Writes what of its columns stopped, waits or is not handed over. Returns the last row."""
    lines = form_lines(figures, words)
    for row, line in enumerate(lines, start=at):
        sheet.merge_range(row, 0, row, _LAST, "", formats["part"])
        write_text(sheet, row, 0, line, formats, "part")
        sheet.set_row(row, 15 * lines_of(line, _LINE_LETTERS) + 3)
    return at + len(lines) - 1


def _against_units(
    figures: Figures, at: int, sums: CountsRow, words: FormWords
) -> dict[str, tuple[str, int]]:
    """Returns each total of a form by sector less that of the form by unit."""
    by_unit = total(figures.form)
    other = words.say("form.sheet", letter="a")
    place = _DATA + len(figures.form)
    cells_by_name = {}
    for column, name in enumerate(COUNTS, start=_FIRST):
        cells = f"{xl_rowcol_to_cell(at, column)}-'{other}'!{xl_rowcol_to_cell(place, column)}"
        cells_by_name[name] = (cells, number(sums, name) - number(by_unit, name))
    return cells_by_name


def _write_check(
    sheet: Any, formats: Formats, at: int, label: str, cells: dict[str, tuple[str, int]]
) -> None:
    sheet.merge_range(at, 0, at, 1, label, formats["check_text"])
    for column, name in enumerate(COUNTS, start=_FIRST):
        if name in cells:
            formula, value = cells[name]
            sheet.write_formula(at, column, f"={formula}", formats["check"], value)
        else:
            sheet.write_blank(at, column, None, formats["check"])
    sheet.conditional_format(
        at, _FIRST, at, _LAST, {"type": "cell", "criteria": "!=", "value": 0, "format": formats["wrong"]}
    )
    sheet.set_row(at, 15 * sum(-(-len(line) // 46) for line in label.split("\n")) + 3)


def _write_signatures(sheet: Any, formats: Formats, at: int, words: FormWords) -> int:
    """Writes where the form is signed. Returns the last row."""
    right = (_LAST - 4, _LAST)
    for row, left, right_text in (
        (at, "", words.official("form.place_and_day").split("\n")[-1]),
        (at + 1, words.official("form.drawn_up"), words.official("form.head_of_unit")),
        (at + 2, words.official("form.sign"), words.official("form.sign_and_seal")),
    ):
        kind = "signer" if row == at + 1 else "line"
        sheet.merge_range(row, 0, row, 3, left, formats[kind])
        sheet.merge_range(row, *(right[0], row, right[1]), right_text, formats[kind])
        if words.is_english:
            sheet.set_row(row, 30)
    return at + 6
