"""Where clicks lead: from a figure to the list behind it, from a unit to its parts, from a code to the dossier's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import quote

from assets.board.choice import Choice
from assets.board.reading import Row

LIST, TIMELINESS, CARD = "/danh-sach", "/thoi-han", "/ho-so"
Opens = Callable[[Row, Choice], str | None]


def unit_of(code: str, valid_from: date | None) -> str:
    """Returns a unit as addresses write it."""
    return f"{code}@{valid_from.isoformat()}" if valid_from else code


def list_address(choice: Choice, name: str, **more: object) -> str:
    """Returns the address of a list with what is chosen."""
    return choice.having(sort=None, list=name, **more).address(LIST)


def card(row: Row, choice: Choice) -> str | None:
    """A code of a dossier opens its card, as known on the day that is chosen."""
    if not row["dossier_code"]:
        return None
    return card_address(row["dossier_code"], choice)


def card_address(code: str, choice: Choice) -> str:
    """Returns the address of a dossier's card."""
    return Choice(lang=choice.lang, known_on=choice.known_on).address(f"{CARD}/{quote(code, safe='')}")


def timeliness_of_unit(row: Row, choice: Choice) -> str | None:
    """A unit opens its parts."""
    unit = unit_of(row["unit_code"], row["unit_valid_from"])
    if choice.unit == unit and choice.sector is None:
        return None
    return choice.having(unit=unit, figure=None, sort=None, list=None).address(TIMELINESS)


def timeliness_of_sector(row: Row, choice: Choice) -> str | None:
    """A sector opens its procedures."""
    return choice.having(sector=row["sector_code"], figure=None, sort=None, list=None).address(TIMELINESS)


def form_list(figure: str, column: str | None = None) -> Opens:
    """A figure of the form opens the dossiers behind it, of the row's unit, sector or procedure.

    None where there are none. `column`: where the row has the figure, if it is not under its name.
    """

    def opens(row: Row, choice: Choice) -> str | None:
        if not row[column or figure]:
            return None
        changes: dict[str, object] = {"figure": figure, "unit_view": "as_received"}
        if "unit_code" in row:
            changes["unit"] = unit_of(row["unit_code"], row["unit_valid_from"])
        if "sector_code" in row:
            changes["sector"] = row["sector_code"]
        if "procedure_code" in row:
            changes["procedure"] = row["procedure_code"]
        if "channel" in row:
            changes["channel"] = row["channel"]
        return list_address(choice, "form", **changes)

    return opens


def form_list_of_week(figure: str, column: str) -> Opens:
    """What a unit's overdue stock gained or lost opens the dossiers of the seven days up to the last one counted."""
    opened = form_list(figure, column)

    def opens(row: Row, choice: Choice) -> str | None:
        if choice.date_to is None:
            return None
        return opened(row, choice.having(date_from=choice.date_to - timedelta(days=6)))

    return opens


def overdue_before(change: str, days: int) -> Opens:
    """A change of the overdue stock opens the stock that it is the difference to; the stock of today stands next to it."""
    opened = form_list("pending_overdue", "before")

    def opens(row: Row, choice: Choice) -> str | None:
        if choice.date_to is None:
            return None
        day = choice.date_to - timedelta(days=days)
        before = row["overdue_open"] - row[change]
        past = choice.having(date_from=min(choice.date_from or day, day), date_to=day)
        return opened({**row, "before": before}, past)

    return opens


def indicator_list(part: str) -> Opens:
    """A part of an indicator, `numerator`, `denominator` or `unknown_count`, opens the dossiers behind it."""
    return other_list("indicator_dossier", part, {"figure": part}, kind="indicator")


def other_list(name: str, figure: str, fixed: Mapping[str, str] | None = None, **columns: str) -> Opens:
    """A count opens another list, which takes values of the row: `kind="rule_id"` passes the rule on as the kind.

    `fixed`: what it takes besides, the same for every row. A sum over all rows has no such values, and opens the list of all.
    """

    def opens(row: Row, choice: Choice) -> str | None:
        if not row[figure]:
            return None
        taken = {target: row[column] for target, column in columns.items() if column in row}
        return list_address(choice, name, **taken, **(fixed or {}))

    return opens
