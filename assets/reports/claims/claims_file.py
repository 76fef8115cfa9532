"""What a unit's own report claims, as a file says it: YAML, XLSX or CSV. A wrong row stops no other.

Here: bytes to claims with their places. Not here: which number the warehouse has (`claims.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath

import yaml

from assets.given.csv_records import Row
from assets.given.headings import named_columns
from assets.given.tables import read_tables, row_place
from assets.given.texts import key, normalise, plain, shown
from assets.given.unreadable import UnreadableExportError
from assets.reports.claims.claim_words import HEADINGS, OFFERED, SCOPES, Meaning, meaning_of, within
from warehouse_sql.messages import message, message_of

_LARGEST_YAML = 1 << 20
_MOST_ROWS = 1000
_COUNT = re.compile(r"\d{1,12}(?:[.,]0{1,2})?|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+")
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,6})?) ?(%?)")
_DAY_STYLES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")


class ClaimsError(ValueError):
    """The file of claims can't be used. The message is one Vietnamese sentence with file and remedy."""


@dataclass(frozen=True)
class Claim:
    """One claimed figure; `place` is "hàng 7" or "mục 2" of the file. A share is of 1, with its decimals of per cent."""

    file: str
    place: str
    text: str
    meaning: Meaning
    value: Decimal
    decimals: int = 0
    unit: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class ClaimFile:
    """The claims of a file in its order, and one sentence for each row that could not be used."""

    claims: tuple[Claim, ...] = ()
    problems: tuple[str, ...] = field(default=())


def read_claims(content: bytes, path: str) -> ClaimFile:
    """Returns the claims of a file. Raises ClaimsError where nothing in it can be used at all."""
    name = normalise(PurePath(path).name)
    rows = _yaml_rows(content, name) if key(name).endswith((".yaml", ".yml")) else _table_rows(content, name)
    claims, problems = [], []
    for place, values in rows:
        try:
            claims.append(_claim(name, place, values))
        except ClaimsError as error:
            problems.append(str(error))
    if not claims and not problems:
        raise ClaimsError(
            message("{name}: không có số liệu nào; hãy điền ít nhất một dòng rồi chạy lại.", name=name)
        )
    return ClaimFile(tuple(claims), tuple(problems))


def _yaml_rows(content: bytes, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    if len(content) > _LARGEST_YAML:
        raise ClaimsError(message("{name}: tệp YAML lớn hơn 1 MB; hãy chia nhỏ hoặc dùng XLSX.", name=name))
    try:
        # Values stay as typed: 67.750 is no fraction here.
        loaded = yaml.load(content.decode("utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ClaimsError(
            message("{name}: không đọc được YAML; hãy viết theo mẫu trong docs/report.md.", name=name)
        ) from error
    if isinstance(loaded, dict):
        loaded = loaded.get("claims", loaded.get("số liệu"))
    if not isinstance(loaded, list):
        raise ClaimsError(
            message(
                "{name}: cần một danh sách, mỗi mục có figure và value; hãy viết theo mẫu trong docs/report.md.",
                name=name,
            )
        )
    _must_be_few(len(loaded), name)
    for number, item in enumerate(loaded, start=1):
        if isinstance(item, dict):
            yield (
                message("mục {number}", number=number),
                {
                    HEADINGS.get(plain(str(word)), str(word)): normalise(value)
                    for word, value in item.items()
                    if isinstance(value, str)
                },
            )
        else:
            yield message("mục {number}", number=number), {"figure": shown(str(item))}


def _table_rows(content: bytes, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    try:
        tables = read_tables(content, _is_heading)
    except UnreadableExportError as error:
        raise ClaimsError(message("{name}: {error}", name=name, error=message_of(error))) from error
    has_heading = False
    for table in tables:
        rows = table.cells.rows()
        start = next((at for at, row in enumerate(rows) if _is_heading(row)), None)
        if start is None:
            continue
        has_heading = True
        _must_be_few(len(rows) - start, name)
        columns = named_columns(rows[start], HEADINGS)
        sheet = shown(table.sheet) if table.sheet and len(tables) > 1 else None
        numbers = table.numbers.to_list()
        for at in range(start + 1, len(rows)):
            values = {column: normalise(rows[at][place] or "") for column, place in columns.items()}
            if any(values.values()):
                yield row_place(numbers[at], sheet), values
    if not has_heading:
        raise ClaimsError(
            message(
                "{name}: không tìm thấy hàng tiêu đề có các cột “Số liệu” và “Giá trị”; hãy lập tệp bằng “motcua "
                "report claims-template OUT.xlsx”.",
                name=name,
            )
        )


def _must_be_few(count: int, name: str) -> None:
    if count > _MOST_ROWS:
        raise ClaimsError(
            message(
                "{name}: có {count} dòng, nhiều hơn {most_rows}; hãy chia thành nhiều tệp.",
                name=name,
                count=count,
                most_rows=_MOST_ROWS,
            )
        )


def _is_heading(row: Row) -> bool:
    return {"figure", "value"} <= named_columns(row, HEADINGS).keys()


def _claim(name: str, place: str, values: Mapping[str, str]) -> Claim:
    where = f"{name}: {place}"
    figure, written = values.get("figure", ""), values.get("value", "")
    for column, cell in ((message("số liệu (figure)"), figure), (message("giá trị (value)"), written)):
        if not cell:
            raise ClaimsError(
                message("{where} thiếu {column}; hãy điền rồi chạy lại.", where=where, column=column)
            )
    meaning = meaning_of(figure)
    if meaning is None:
        raise ClaimsError(
            message(
                "{where}, số liệu “{figure}” chưa có trong danh sách; hãy dùng một trong: {offered}, cột 1 đến "
                "cột 11 (biểu II.06).",
                where=where,
                figure=shown(figure),
                offered=", ".join(OFFERED),
            )
        )
    if scope := values.get("scope"):
        meaning = within(meaning, scope)
        if meaning is None:
            raise ClaimsError(
                message(
                    "{where}, phạm vi “{scope}” không có; hãy dùng một trong: {scopes}.",
                    where=where,
                    scope=shown(scope),
                    scopes=", ".join(SCOPES),
                )
            )
    value, decimals = _value(
        written, meaning, message("{where}, giá trị “{written}”", where=where, written=shown(written))
    )
    start, end = (_day(values.get(name_of_day, ""), where) for name_of_day in ("from", "to"))
    if start and end and start > end:
        raise ClaimsError(
            message(
                "{where}, kỳ từ {start:day} đến {end:day} không hợp lệ; hãy sửa ngày đầu hoặc ngày cuối.",
                where=where,
                start=start,
                end=end,
            )
        )
    return Claim(name, place, figure, meaning, value, decimals, values.get("unit") or None, start, end)


def _value(written: str, meaning: Meaning, where: str) -> tuple[Decimal, int]:
    """Returns the number, and of a share the decimals of per cent that it was given with."""
    normalised = normalise(written)
    if meaning.measure.is_share:
        match = _SHARE.fullmatch(normalised)
        if match is None:
            raise ClaimsError(
                message("{where} không phải tỷ lệ; hãy ghi từ 0 đến 100%, ví dụ 96,2%.", where=where)
            )
        number = Decimal(match[1].replace(",", "."))
        # what a workbook keeps of a cell in per cent
        in_per_cent = number if match[2] or number > 1 else number * 100
        if in_per_cent > 100:
            raise ClaimsError(message("{where} lớn hơn 100%; hãy sửa lại.", where=where))
        exponent = in_per_cent.normalize().as_tuple().exponent
        return in_per_cent / 100, max(0, -int(exponent))
    if not _COUNT.fullmatch(normalised):
        raise ClaimsError(
            message("{where} không phải số hồ sơ; hãy ghi số nguyên, ví dụ 70.426 hoặc 70426.", where=where)
        )
    whole = re.sub(r"[.,]0{1,2}$", "", normalised)
    return Decimal(re.sub(r"[., ]", "", whole)), 0


def _day(written: str, where: str) -> date | None:
    if not written:
        return None
    for style in _DAY_STYLES:
        try:
            return datetime.strptime(written, style).date()
        except ValueError:
            continue
    raise ClaimsError(
        message(
            "{where}, ngày “{written}” không đọc được; hãy ghi dạng 15/12/2022 hoặc 2022-12-15.",
            where=where,
            written=shown(written),
        )
    )
