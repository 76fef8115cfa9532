"""What portals write in brackets beside a status: "Đã xử lý xong (đúng hạn)".

Here: a status parted from its additions, and what an addition says. Not here: what the status means (`sources.py`).
"""

from __future__ import annotations

import re

from assets.given.texts import key, normalise, plain

_BRACKETED = re.compile(r"[(\[{（［【]([^()\[\]{}（）［］【】]*)(?:[)\]}）］】]|$)")
_BRACKETS = " ()[]{}（）［］【】"
_MARKS_BEHIND = " .,;:-–"
#: How a dossier stands to its due date: that is counted from its dates, so these words change nothing.
_COUNT = r"\d+(?: \d+)? (?:ngay|gio|phut)(?: lam viec)?"
_TIMELINESS = re.compile(
    r"(?:(?:da|dang) )?(?:dung|truoc|som|qua|tre|cham|trong|con|den|toi|chua den|chua toi|chua qua|(?:sap|gan) (?:den|toi|qua))"
    rf" (?:thoi )?(?:han|hen)(?: (?:tra|xu ly|giai quyet|tra ket qua))?(?: {_COUNT})*"
    rf"|(?:con|qua|tre|som|truoc)(?: (?:han|hen))?(?: {_COUNT})+"
)
#: An addition with one of these may be a status of its own, and another one than that beside it.
_OF_A_STATUS = re.compile(
    r"\b(?:hủy|huỷ|rút|từ chối|trả|kết quả|xong|hoàn thành|kết thúc|dừng|bổ sung|tiếp nhận|xử lý|giải quyết|nghĩa vụ|không"
    r"|chưa)\b"
)
_OF_A_STATUS_PLAIN = re.compile(
    r"\b(?:huy|rut|tu choi|tra|ket qua|xong|hoan thanh|ket thuc|dung|bo sung|tiep nhan|xu ly|giai quyet|nghia vu|khong|chua)\b"
)
_MOST_WORDS = 5
HIDDEN = "(…)"


def parted(raw: str) -> tuple[str, tuple[str, ...]]:
    """Returns the status without what stands in brackets, and the text of each pair of brackets that has one."""
    text, additions = normalise(raw), []
    if not _BRACKETED.search(text):
        return text, ()
    while brackets := _BRACKETED.findall(text):
        additions += [inside.strip(_BRACKETS).rstrip(_MARKS_BEHIND) for inside in brackets]
        text = _BRACKETED.sub(" ", text)
    base = normalise(text).strip(_BRACKETS).rstrip(_MARKS_BEHIND)
    return base, tuple(inside for inside in additions if inside)


def is_timeliness(addition: str) -> bool:
    """Returns whether an addition says no more than how the dossier stands to its due date."""
    return _TIMELINESS.fullmatch(plain(addition)) is not None


def may_be_a_status(addition: str) -> bool:
    """Returns whether an addition has words of a status in it."""
    if is_timeliness(addition):
        return False
    text, letters = key(addition), plain(addition)
    is_without_marks = text.isascii()
    return (_OF_A_STATUS_PLAIN if is_without_marks else _OF_A_STATUS).search(
        letters if is_without_marks else text
    ) is not None


def without_names(raw: str) -> str:
    """Returns the status with the additions that may be shown; another may be the name of a person and is "(…)"."""
    base, additions = parted(raw)
    if not additions:
        return raw
    return " ".join([base, *(f"({text})" if _may_be_shown(text) else HIDDEN for text in additions)]).strip()


def _may_be_shown(addition: str) -> bool:
    words = addition.split()
    has_name = any(word[0].isupper() for word in words[1:])
    return (
        is_timeliness(addition)
        or (addition.isdigit() and len(addition) <= 2)
        or (may_be_a_status(addition) and len(words) <= _MOST_WORDS and not has_name)
    )
