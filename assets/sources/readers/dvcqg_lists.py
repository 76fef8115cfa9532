"""The lists inside a national dossier: fees, papers, results and requests for supplements.

Each takes the records of a file and returns one value per record. Names of papers are looked at, never
kept: people put their own names into them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from assets.given.cleaning import NESTED, scalar, text_columns
from assets.given.dates import parse_national
from assets.given.json_file import objects_in
from assets.given.texts import normalise
from assets.sources.readers.columns import DateField, date_fields, first_unreadable, iso_or_none, switch
from assets.sources.readers.paper_titles import PaperTitle
from warehouse_sql.messages import message

Records = Sequence[Mapping[str, Any]]

_SUPPLEMENT_DATES = {
    "requested_at": "NgayBoSung",
    "resumed_at": "NgayTiepNhanBoSung",
    "due_before": "NgayHenTraTruoc",
    "due_after": "NgayHenTraMoi",
}
_PAPER_LISTS = {"TaiLieuNop": "TenTepDinhKem", "DanhSachTepDinhKemKhac": "TenGiayTo"}
_BOOK, _COPY = 1, 2  # kinds of papers, to be added up
_json = json.JSONEncoder(ensure_ascii=False).encode
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_AMOUNT = re.compile(r"\d{1,15}(?:[.,]\d{1,2})?")


def fees(records: Records) -> tuple[pl.Series, int]:
    """Returns dong, summed over DanhSachLePhi: 0 for an empty list, null when the list is not sent; and the number of
    amounts that are none.
    """
    sums: list[int | None] = []
    unread = 0
    for record in records:
        listed = record.get("DanhSachLePhi")
        if not isinstance(listed, list):
            sums.append(None)
            continue
        amounts = [_amount(scalar(entry.get("Gia"), NESTED) or "") for entry in objects_in(listed)]
        unread += amounts.count(None)
        sums.append(sum(filter(None, amounts)))
    return pl.Series(sums, dtype=pl.Int64), unread


def remarks_on_fees(unread: int) -> list[str]:
    """Returns a remark where amounts could not be read."""
    if not unread:
        return []
    return [message("DanhSachLePhi.Gia: {unread} giá trị không phải số tiền, không tính.", unread=unread)]


@lru_cache(maxsize=8192)  # the tariff has few different fees
def _amount(written: str) -> int | None:
    """Returns whole dong; nothing written is nothing to pay, None is what cannot be read."""
    text = normalise(written).replace(" ", "")
    if not text:
        return 0
    if _THOUSANDS.fullmatch(text):
        text = re.sub("[.,]", "", text)
    return int(float(text.replace(",", "."))) if _AMOUNT.fullmatch(text) else None


def electronic_results(records: Records) -> pl.Series:
    """Returns whether a result has a file or a code of its own; null when the list is not sent."""
    meanings: list[bool | None] = []
    for record in records:
        listed = record.get("DanhSachGiayToKetQua")
        if not isinstance(listed, list):
            meanings.append(None)
            continue
        has = any(
            _is_given(entry.get("DuongDanTepTinKetQua")) or _is_given(entry.get("MaGiayToKetQua"))
            for entry in objects_in(listed)
        )
        meanings.append(has)
    return pl.Series(meanings, dtype=pl.Boolean)


def _is_given(value: object) -> bool:
    return bool((scalar(value) or "").strip())


def papers(records: Records) -> tuple[pl.Series, pl.Series]:
    """Returns whether an attached paper names a household book, and a copy of CCCD or CMND.

    Deleted attachments do not count; null when neither list of papers is sent.
    """
    kinds = [_kinds_of_papers(record) for record in records]
    books = [None if kind is None else bool(kind & _BOOK) for kind in kinds]
    copies = [None if kind is None else bool(kind & _COPY) for kind in kinds]
    return pl.Series(books, dtype=pl.Boolean), pl.Series(copies, dtype=pl.Boolean)


def _kinds_of_papers(record: Mapping[str, Any]) -> int | None:
    """Returns the kinds of all papers together, or None when neither list is sent."""
    kinds = None
    for listed, field in _PAPER_LISTS.items():
        entries = record.get(listed)
        if isinstance(entries, list):
            kinds = kinds or 0
            for entry in objects_in(entries):
                name = entry.get(field)
                if isinstance(name, str) and not switch(scalar(entry.get("IsDeleted")) or ""):
                    kinds |= _kind_of_paper(name)
    return kinds


@lru_cache(maxsize=8192)  # a few names make up most of a file
def _kind_of_paper(name: str) -> int:
    title = PaperTitle(name)
    return _BOOK * title.is_household_book() + _COPY * title.is_identity_copy()


def supplements(records: Records) -> tuple[pl.Series, dict[int, tuple[str, str]]]:
    """Returns the JSON of the requests for supplements, and row index -> the first date in them that is none.

    Local ISO instants, ordered by the request; "[]" when there are none.
    """
    rows: list[int] = []
    entries: list[dict[str, Any]] = []
    for row, record in enumerate(records):
        for entry in objects_in(record.get("DanhSachHoSoBoSung")):
            rows.append(row)
            entries.append(entry)
    written = text_columns(
        {name: [entry.get(of) for entry in entries] for name, of in _SUPPLEMENT_DATES.items()}, NESTED
    )
    names = {name: f"DanhSachHoSoBoSung.{of}" for name, of in _SUPPLEMENT_DATES.items()}
    fields = date_fields(written, names, parse_national)
    unreadable: dict[int, tuple[str, str]] = {}
    for place, first_bad in sorted(first_unreadable(fields.values()).items()):
        unreadable.setdefault(rows[place], first_bad)
    texts = ["[]"] * len(records)
    for row, of_row in _by_row(rows, fields).items():
        texts[row] = _json(sorted(of_row, key=_order))
    return pl.Series(texts, dtype=pl.String), unreadable


def _by_row(rows: list[int], fields: Mapping[str, DateField]) -> dict[int, list[dict[str, str | None]]]:
    instants = {name: field.instants.to_list() for name, field in fields.items()}
    by_row: dict[int, list[dict[str, str | None]]] = {}
    for place, row in enumerate(rows):
        entry = {name: iso_or_none(values[place]) for name, values in instants.items()}
        by_row.setdefault(row, []).append(entry)
    return by_row


def _order(entry: Mapping[str, str | None]) -> tuple[str, ...]:
    # "~" sorts after every digit: a request without a date comes last.
    return tuple(entry[name] or "~" for name in _SUPPLEMENT_DATES)
