"""The catalogue of procedures through time: what was stated when, and what one statement changes.

Here: statements to versions, and the difference of two states, plain. Not here: files (`catalogue_file.py`) and the
warehouse (`catalogue_import.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import zip_longest

from assets.dimensions.limits import written
from assets.dimensions.units import BEGINNING, FOREVER
from warehouse_sql.messages import message

#: Of a service; the words are those of Decree 42/2022.
SERVICE_LEVELS = {
    "full": message("toàn trình"),
    "partial": message("một phần"),
    "information": message("cung cấp thông tin"),
}
#: Who carries a procedure out.
LEVELS = {
    **{
        "ministry": message("bộ"),
        "province": message("tỉnh"),
        "district": message("huyện"),
        "commune": message("xã"),
    },
    "other": message("khác"),
}


@dataclass(frozen=True)
class Procedure:
    """One procedure as a catalogue states it; the fields are columns of core.dim_procedure."""

    procedure_name: str | None = None
    field_code: str | None = None
    field_name: str | None = None
    level: str | None = None
    service_level: str | None = None
    limit_value: float | None = None
    limit_unit: str | None = None
    online_limit_value: float | None = None
    online_limit_unit: str | None = None
    is_fee_bearing: bool | None = None
    gives_paper_result: bool | None = None
    decision: str | None = None
    local_codes: tuple[str, ...] = ()


FIELDS = tuple(field.name for field in fields(Procedure))


@dataclass(frozen=True)
class Statement:
    """A whole catalogue, as it holds from a day on. `columns`: what it speaks of, the rest stays what it was."""

    valid_from: date
    import_id: int | None  # None: what motcua starts with
    columns: frozenset[str]
    procedures: Mapping[str, Procedure]


@dataclass(frozen=True)
class Version:
    """One procedure from `valid_from` up to the day before `valid_to`."""

    valid_from: date
    valid_to: date
    import_id: int | None
    procedure: Procedure


@dataclass(frozen=True)
class Change:
    """What a catalogue does to one procedure: new, changed (one field) or ended; old and new as people read it."""

    kind: str
    code: str
    name: str
    field: str | None = None
    old: str | None = None
    new: str | None = None


def versions(statements: Iterable[Statement]) -> dict[str, list[Version]]:
    """Returns code -> its versions in order. Of two statements for one day the later import stands.

    A procedure that a catalogue no longer names ends on its first day.
    """
    by_code: dict[str, list[Version]] = {}
    for statement in sorted(statements, key=lambda stated: (stated.valid_from, stated.import_id or 0)):
        for code in {*by_code, *statement.procedures}:
            _state(by_code.setdefault(code, []), statement, code)
    return {code: known for code, known in sorted(by_code.items()) if known}


def _state(known: list[Version], statement: Statement, code: str) -> None:
    """What one catalogue says of one procedure, appended to the versions of the days before."""
    day, procedure = statement.valid_from, statement.procedures.get(code)
    before = known[-1] if known else None
    # Of the same day: taken back, as if it had never been stated.
    same_day = known.pop() if before is not None and before.valid_from == day else None
    last = known[-1] if known else None
    if last is not None and last.valid_to == day:
        last = known[-1] = replace(last, valid_to=FOREVER)
    is_open = last is not None and last.valid_to == FOREVER
    if procedure is None:
        if last is not None and is_open:
            known[-1] = replace(last, valid_to=day)
        return
    now = _with_columns_of_before(procedure, statement.columns, before.procedure if before else None, code)
    if last is not None and is_open:
        if last.procedure == now:
            return
        known[-1] = replace(last, valid_to=day)
    if same_day is not None and same_day.procedure == now:
        known.append(same_day)
    else:
        known.append(Version(day, FOREVER, statement.import_id, now))


def _with_columns_of_before(
    procedure: Procedure, columns: frozenset[str], before: Procedure | None, code: str
) -> Procedure:
    """Returns the procedure as its catalogue has it; what the catalogue has no column for is as before."""
    if before is not None:
        procedure = replace(
            procedure, **{name: getattr(before, name) for name in FIELDS if name not in columns}
        )
        procedure = (
            procedure
            if procedure.procedure_name
            else replace(procedure, procedure_name=before.procedure_name)
        )
    return procedure if procedure.procedure_name else replace(procedure, procedure_name=code)


def on_day(known: Mapping[str, list[Version]], day: date) -> dict[str, Procedure]:
    """Returns the catalogue in force on a day."""
    return {
        code: version.procedure
        for code, listed in known.items()
        for version in listed
        if version.valid_from <= day < version.valid_to
    }


def same_until(before: list[Version], after: list[Version]) -> date:
    """Returns the first day on which a dossier may meet another version of its procedure; FOREVER when none is.

    On each day the version begun last stands, ended or not; before the first one, that one.
    """
    if not before or not after:
        return BEGINNING if before or after else FOREVER
    for place, (first, other) in enumerate(zip_longest(before, after)):
        if first is None or other is None:
            return (first or other).valid_from
        if (first.valid_from, first.procedure) != (other.valid_from, other.procedure):
            return min(first.valid_from, other.valid_from) if place else BEGINNING
        if first.valid_to != other.valid_to:
            return min(first.valid_to, other.valid_to)
    return FOREVER


def changes(before: Mapping[str, Procedure], after: Mapping[str, Procedure]) -> list[Change]:
    """New procedures, then changed ones field by field, then ended ones; by code."""
    new = [
        Change("new", code, after[code].procedure_name or code, new=_shown(after[code], "limit"))
        for code in sorted(after.keys() - before.keys())
    ]
    changed = [
        Change("changed", code, after[code].procedure_name or code, label, old, now)
        for code in sorted(after.keys() & before.keys())
        for name, label in LABELS.items()
        if (old := _shown(before[code], name)) != (now := _shown(after[code], name))
    ]
    ended = [
        Change("ended", code, before[code].procedure_name or code)
        for code in sorted(before.keys() - after.keys())
    ]
    return new + changed + ended


#: What people are shown of a procedure, and how it is called.
LABELS = {
    "procedure_name": message("Tên thủ tục"),
    "field_code": message("Mã lĩnh vực"),
    "field_name": message("Lĩnh vực"),
    "level": message("Cấp thực hiện"),
    "service_level": message("Mức độ dịch vụ công"),
    "limit": message("Thời hạn giải quyết"),
    "online_limit": message("Thời hạn trực tuyến"),
    "is_fee_bearing": message("Có phí, lệ phí"),
    "gives_paper_result": message("Kết quả bản giấy"),
    "decision": message("Quyết định công bố"),
    "local_codes": message("Mã đầy đủ"),
}


def _shown(procedure: Procedure, name: str) -> str:
    if name in ("limit", "online_limit"):
        return written(getattr(procedure, f"{name}_value"), getattr(procedure, f"{name}_unit"))
    value = getattr(procedure, name)
    if isinstance(value, bool):
        return message("có") if value else message("không")
    if name == "local_codes":
        return ", ".join(value) or "–"
    if value is None:
        return "–"
    if name == "service_level":
        return SERVICE_LEVELS[value]
    return level_in_words(value) if name == "level" else str(value)


def level_in_words(level: str) -> str:
    """ "province, commune" -> "tỉnh, xã"."""
    return ", ".join(LEVELS.get(part, part) for part in level.split(", "))
