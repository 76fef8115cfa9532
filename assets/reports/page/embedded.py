"""What the page carries to count for any unit and sector by itself: cells that add up, and lists with both in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assets.reports.page.draw import marks_of
from assets.reports.page.lists import PRINTED_ROWS, Listing, sector_names
from assets.reports.page.values import edited_cells
from assets.reports.reading.figures import CURRENT, Figures
from assets.reports.reading.months import Month
from assets.reports.statements.queries import number
from assets.reports.words import wording
from assets.reports.words.texts import Manner, texts

_FLOW = (
    *("received_online", "received_direct_postal", "resolved_early", "resolved_on_time", "resolved_late"),
    *("resolved_untimed", "newly_overdue", "overdue_cleared"),
)
_LINE = ("received", "resolved", "early_or_on_time", "late", "overdue_open")
_RECEIVED = (
    *(
        "received",
        "direct",
        "online",
        "postal",
        "payment_stated",
        "paid_online",
        "digitised_stated",
        "digitised",
    ),
    *("identified_stated", "identified", "result_stated", "electronic_result"),
    *("with_household_book", "with_identity_copy", "with_either"),
)
#: Before the period.
_BEFORE = -1


def embedded(figures: Figures, lists: Mapping[str, Listing], months: Sequence[Month]) -> str:
    """Returns the data as JSON that may stand in a script element: no name of outside can end it."""
    written = json.dumps(_data(figures, lists, months), ensure_ascii=False, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _data(figures: Figures, lists: Mapping[str, Listing], months: Sequence[Month]) -> dict[str, Any]:
    lang = figures.request.lang
    t, m = texts(lang), Manner(lang)
    places = {month.month: place for place, month in enumerate(months)}
    strings = _strings(lists.values())
    days = {row["date"]: place for place, row in enumerate(figures.days)}
    return {
        "signs": t["numbers"],
        "kindsOfUnits": wording.KINDS_OF_UNITS,
        "printed": PRINTED_ROWS,
        "limits": [figures.sections.limits.of_single, figures.sections.limits.of_cell],
        "units": units_in_use(figures),
        "sectors": sectors_in_use(figures),
        "days": [m.day(row["date"]) for row in figures.days],
        "monthEnds": [month.last_day for month in months],
        "marks": day_marks(figures),
        "gaps": gap_days(figures),
        "cubes": {
            "flow": _cube(_FLOW, figures.sections.cells, places),
            "line": _cube(_LINE, figures.sections.line_cells),
            "received": _cube(_RECEIVED, figures.sections.received, places),
            "overdue": {
                "names": ["newly_overdue", "overdue_cleared"],
                "rows": [
                    [
                        row["unit_no"],
                        row["sector_no"],
                        days[row["date"]],
                        row["newly_overdue"],
                        row["overdue_cleared"],
                    ]
                    for row in figures.sections.overdue_cells
                    if row["date"] in days
                ],
            },
            "portal": _cube(tuple(wording.PORTAL_KINDS), figures.sections.portal_cells),
            "edited": _edited(edited_cells(figures)),
        },
        "form": _form(figures),
        "strings": list(strings),
        "lists": {name: _list(listing, strings) for name, listing in lists.items()},
        "texts": {
            "now": t["filter"]["now"],
            "namedUnit": t["units"]["named"],
            "inSector": t["filter"]["in_sector"],
            "everyUnit": t["filter"]["every_unit"],
            "everySector": t["filter"]["every_sector"],
            "shownAll": t["page"]["shown_all"],
            "shownSome": t["page"]["shown_some"],
            "withdrawn": t["withdrawn"],
            "saysStock": t["overdue"]["says_stock"],
            "saysFlow": t["overdue"]["says_flow"],
        },
    }


def unit_keys(figures: Figures) -> dict[int, str]:
    """Returns what stands for a unit in the page's address: its code, with its list's first day where that tells it
    apart.
    """
    counted = Counter(row["unit_code"] for row in figures.sections.units)
    return {
        row["unit_no"]: row["unit_code"]
        if counted[row["unit_code"]] == 1
        else f"{row['unit_code']}@{row['valid_from']:%Y}"
        for row in figures.sections.units
    }


def units_in_use(figures: Figures) -> list[tuple[int, str, str]]:
    """Returns (number, key, name) of units that have anything to show."""
    s = figures.sections
    used = {row["unit_no"] for rows in (s.cells, s.received, s.portal_cells) for row in rows}
    in_form = {(row["unit_code"], row["valid_from"]) for row in figures.form}
    keys = unit_keys(figures)
    shown = [
        row for row in s.units if row["unit_no"] in used or (row["unit_code"], row["valid_from"]) in in_form
    ]
    names = Counter(row["unit_name"] for row in shown)
    return [
        (row["unit_no"], keys[row["unit_no"]], row["unit_name"])
        if names[row["unit_name"]] == 1
        else (row["unit_no"], keys[row["unit_no"]], f"{row['unit_name']} ({keys[row['unit_no']]})")
        for row in shown
    ]


def sectors_in_use(figures: Figures) -> list[tuple[int, str]]:
    """Returns (number, name) of sectors that have anything to show."""
    s = figures.sections
    used = {row["sector_no"] for rows in (s.cells, s.received, s.portal_cells) for row in rows}
    return [(sector, name) for sector, name in sector_names(figures).items() if sector in used]


def day_marks(figures: Figures) -> list[tuple[int, str]]:
    """Returns which days of the charts are named."""
    return marks_of([row["date"] for row in figures.days], figures.request.lang)


def gap_days(figures: Figures) -> list[int]:
    """Returns days of the charts that rest on an incomplete feed."""
    missing = {row["day"] for row in figures.feeds}
    return [i for i, row in enumerate(figures.days) if row["date"] in missing]


def _cube(
    names: Sequence[str], rows: Iterable[Mapping[str, Any]], months: Mapping[Any, int] | None = None
) -> dict[str, Any]:
    """Returns rows of unit, sector, month where there are any, and counts by `names`."""
    cells = []
    for row in rows:
        at = [] if months is None else [_BEFORE if row["month"] is None else months[row["month"]]]
        cells.append([row["unit_no"], row["sector_no"], *at, *(row[name] for name in names)])
    return {"names": names, "rows": cells, "byMonth": months is not None}


def _edited(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    counted: Counter[tuple[Any, ...]] = Counter()
    names = (*wording.EDITED_KINDS, "times")
    for row in rows:
        counted.update({(row["unit_no"], row["sector_no"], name): row.get(name, 0) for name in names})
    cells = sorted({key[:2] for key in counted}, key=lambda cell: (cell[0] or 0, cell[1]))
    return {"names": names, "rows": [[*cell, *(counted[(*cell, name)] for name in names)] for cell in cells]}


def _form(figures: Figures) -> dict[int, list[int]] | None:
    """Returns the form as it is, by unit, where it is no sum of cells: shares of divided units are estimates."""
    if figures.request.unit_view != CURRENT:
        return None
    unit_nos = {(row["unit_code"], row["valid_from"]): row["unit_no"] for row in figures.sections.units}
    return {
        unit_nos[(row["unit_code"], row["valid_from"])]: [
            number(row, name) for name, _ in wording.FORM_COLUMNS
        ]
        for row in figures.form
    }


def _strings(lists: Iterable[Listing]) -> dict[str, int]:
    """Returns the texts that lists name more than once, each with its place: procedures and units mostly."""
    counted = Counter(text for listing in lists for _, _, cells in listing.rows for text in cells)
    return {text: n for n, text in enumerate(text for text, times in counted.items() if times > 1)}


def _list(listing: Listing, strings: Mapping[str, int]) -> dict[str, Any]:
    return {
        "kinds": [kind for kind, _ in listing.columns],
        "rows": [
            [unit, sector, *(strings.get(text, text) for text in cells)]
            for unit, sector, cells in listing.rows
        ],
        "totals": [[*cell, count] for cell, count in listing.totals.items()],
        "byScope": listing.by_scope,
        "sectorless": listing.sectorless,
        "most": listing.most,
    }
