"""Whether a page of a portal is its whole list, by what it says of itself.

Here: the envelope of one page. Not here: whether the other pages came (`ops/refresh_feed_day.sql` looks at all of a day).
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.given.remarks import PAGE, Unknown

_MOST = 10**9


def rest_of_list(envelope: Mapping[str, object], rows: int) -> list[str]:
    """Returns a remark when the page is not the whole list: more rows than it has are counted, or another page is
    before or after it.
    """
    total, number = _count(envelope.get("totalElements")), _count(envelope.get("number"))
    is_last, is_first = (_switch(envelope.get(name)) for name in ("last", "first"))
    is_part = (
        is_last is False or is_first is False or bool(number) or (_count(envelope.get("totalPages")) or 0) > 1
    )
    if not is_part and (total is None or total <= rows):
        return []
    known = f"{rows} trong {total} hồ sơ mà cổng ghi (totalElements)" if total else f"{rows} hồ sơ"
    more = ", còn trang sau (last: false)" if is_last is False else ""
    name = f"{'last ' if is_last else ''}page {'?' if number is None else number}"
    return [
        Unknown(
            f"Trang này có {known}{more}, chưa phải cả danh sách: hồ sơ vắng mặt không bị coi là biến mất; hãy gửi đủ các trang.",
            PAGE,
            name,
            None if total is None else str(total),
        )
    ]


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (
        min(value, _MOST) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
    )


def _switch(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
