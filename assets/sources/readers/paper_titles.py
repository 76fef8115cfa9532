"""Papers that offices may not ask for any more, told by their titles: the household book, copies of identity cards.

Titles come typed in any fashion: without diacritics, in NFD, glued together as file names are. A form, a decision or a
confirmation may speak of such a paper without being one. Files are never looked into.
"""

from __future__ import annotations

import re

from assets.given.texts import plain

# Words as `plain` leaves them.
_BOOK = re.compile(r"\bho khau\b|sohokhau|\bhokhau|\bshk\b|\bso ?hk\b|\bhk ?gia dinh\b")
_CARD = re.compile(
    r"cccd|cmnd|\bcmt(?:nd)?\b|\b(?:the )?can cuoc\b|cancuoc|chung minh (?:nhan dan|thu)|chungminh(?:nhandan|thu)"
)
# What stands first says what the paper is.
_ANOTHER_PAPER = re.compile(
    r"(?:\d+ )?(?:to ?khai|don\b|phieu\b|giay (?:xac nhan|de nghi|cam (?:ket|doan)|uy quyen|hen|bao|gioi thieu|moi)|van ban|"
    r"ban cam (?:ket|doan)|cam (?:ket|doan)|ban khai|ban tuong trinh|quyet dinh|thong bao|bien ban|cong van|cong chung|"
    r"mau (?:so|don|to khai)|xac nhan|de nghi|ct ?0\d|hop dong|ket qua|bao cao)"
)
# ... unless it says that the other is with it.
_WITH_IT = r"(?:ban sao|ban chup|ban photo|phot?o(?:copy)?|pho to|sao y|scan|kem(?: theo)?|dinh kem)"
_AND_IT = r"(?:va|cung(?: voi)?)"
_BETWEEN = r" (?:(?:ban sao|ban chup|cong chung|cua|giay|the|so|photo|pho to) )*"
# Not "mat", "bo", "huy" alone: without diacritics they may be "mặt", "bố" or a name.
_NOT_THERE = re.compile(
    r"\b(?:khong (?:con|co|phai|can|nop|yeu cau|xuat trinh|su dung)|thay (?:the|cho)"
    r"|bai bo|(?:bi|bao|da) mat|(?:da|bi) huy|thu hoi|xoa|chua co)"
    r"(?: (?:nop|xuat trinh|su dung|gia tri|cho|ban sao|giay|the|so|ban|cua))* "
    r"(?=ho khau|sohokhau|hokhau|shk|hk|cccd|cmnd|cmt|can cuoc|cancuoc|chung minh)"
)
_GONE_AFTER = re.compile(
    r"(?:ho khau|cccd|cmnd|can cuoc(?: cong dan)?|chung minh nhan dan) (?:khong con|da (?:mat|thu hoi|bo|huy))\b"
)
# An account of VNeID, drawn from the database: no copy was asked for.
_ELECTRONIC = re.compile(r"(?:the )?can cuoc(?: cong dan)? dien tu|cccd dien tu")


class PaperTitle:
    """The title of one attached paper."""

    def __init__(self, written: str) -> None:
        self._words = plain(written)

    def is_household_book(self) -> bool:
        """Sổ hộ khẩu, by whatever name, or a copy of it."""
        return self._names(_BOOK, self._words)

    def is_identity_copy(self) -> bool:
        """Whether it is a copy or picture of CCCD, CMND or the card of căn cước."""
        return self._names(_CARD, _ELECTRONIC.sub(" ", self._words))

    def _names(self, paper: re.Pattern[str], words: str) -> bool:
        if paper.search(words) is None or _GONE_AFTER.search(words):
            return False
        if _ANOTHER_PAPER.match(words):
            with_it = re.search(rf"\b{_WITH_IT}{_BETWEEN}(?:{paper.pattern})", words)
            # "và" joins two papers, but also two words for what the form is about.
            and_it = re.search(rf"\b{_AND_IT}{_BETWEEN}(?:{paper.pattern})", words)
            return with_it is not None or (
                and_it is not None and paper.search(words, 0, and_it.start()) is None
            )
        return _NOT_THERE.search(words) is None
