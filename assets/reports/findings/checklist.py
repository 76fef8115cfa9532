"""The checklist of what no export tells: its items, and the answers that inspections gave.

Here: the table ops.inspection_answer. Not here: how it is written in a report (`checklist_points.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from assets.dimensions.known_units import KnownUnits
from assets.given.texts import key, normalise, shown
from assets.reports.findings.findings import FindingError
from assets.reports.statements.queries import CHECKLIST
from assets.reports.statements.rows import CheckRow
from assets.reports.statements.running import rows_of
from warehouse_sql.messages import in_both, joined, message
from warehouse_sql.yaml_files import read_yaml

_LISTED = read_yaml(Path(__file__).with_name("checklist.yaml"))


@dataclass(frozen=True)
class Item:
    """One item of the checklist, or one of the answers to it."""

    code: str
    title_vi: str
    title_en: str


@dataclass(frozen=True)
class NewAnswer:
    """An answer as people give it; `unit` is a code or a name, `answer` a code or words of one of `answers`."""

    inspection: str
    unit: str
    item: str
    answer: str
    answered_on: date
    note: str = ""


@cache
def items() -> dict[str, Item]:
    """Returns the items by code, in their order."""
    return {entry["code"]: Item(**entry) for entry in _LISTED["items"]}


@cache
def answers() -> dict[str, Item]:
    """Returns what an item can be answered with, by code: yes, partly, no."""
    return {entry["code"]: Item(**entry) for entry in _LISTED["answers"]}


def record_answer(connection: Connection, new: NewAnswer) -> tuple[Item, Item]:
    """Records an answer in the caller's transaction; a later one to the same item takes its place.

    Returns the item and the answer. Raises FindingError, which says what is wrong.
    """
    item = _item(new.item)
    by_word = {
        key(word): each for each in answers().values() for word in (each.code, each.title_vi, each.title_en)
    }
    if (answer := by_word.get(key(new.answer))) is None:
        raise FindingError(
            message(
                "Trả lời “{answer}” không có; hãy dùng một trong: {known}.",
                answer=shown(new.answer),
                known=joined(", ", (in_both(each.title_vi, each.title_en) for each in answers().values())),
            )
        )
    if not normalise(new.inspection):
        raise FindingError(message("Thiếu {name}; hãy ghi một câu.", name=message("đợt kiểm tra")))
    unit = KnownUnits(connection).find(new.unit, new.answered_on, new.answered_on)
    if unit is None:
        raise FindingError(
            message(
                "Đơn vị “{unit}” không có trong danh sách đơn vị ngày {day:day}, hoặc có nhiều; hãy ghi mã đơn vị "
                "hành chính (core.dim_unit) hoặc tên đầy đủ.",
                unit=shown(new.unit),
                day=new.answered_on,
            )
        )
    connection.execute(
        text(
            "insert into ops.inspection_answer (inspection, unit_code, unit_valid_from, item, answer, note, answered_on)"
            " values (:inspection, :unit_code, :unit_valid_from, :item, :answer, :note, :answered_on)"
        ),
        {
            "inspection": normalise(new.inspection),
            "unit_code": unit.code,
            "unit_valid_from": unit.valid_from,
            "item": item.code,
            "answer": answer.code,
            "note": normalise(new.note) or None,
            "answered_on": new.answered_on,
        },
    )
    return item, answer


def _item(written: str) -> Item:
    by_word = {
        key(word): item for item in items().values() for word in (item.code, item.title_vi, item.title_en)
    }
    if (item := by_word.get(key(written))) is None:
        raise FindingError(
            message(
                "Nội dung “{item}” không có trong danh sách kiểm tra tại chỗ; hãy dùng một trong: {known} (xem “motcua "
                "findings check”).",
                item=shown(written),
                known=", ".join(items()),
            )
        )
    return item


def read_answers(connection: Connection, units: Sequence[str], recorded_by: str) -> list[CheckRow]:
    """Returns the answers about units as recorded by a moment (an ISO instant or "infinity"), the last inspection first."""
    return rows_of(connection, CHECKLIST, {"units": list(units) or None, "known_at": recorded_by})
