"""The words of a catalogue of procedures: its headings, and what its cells say.

Here: what portals and decisions write, to the words of core.dim_procedure. Not here: the way through a file
(`catalogue_file.py`).
"""

from __future__ import annotations

import re

from assets.given.headings import Vocabulary
from assets.given.texts import plain

_LIMIT = (
    "Thời hạn giải quyết",
    "Thời gian giải quyết",
    "Thời hạn",
    "Thời gian thực hiện",
    "Thời hạn thực hiện",
)
# "(ngày làm việc)" behind the heading is the unit of the numbers below it.
_WITH_UNIT = ("", " (ngày làm việc)", " (ngày)", " (giờ)")
_DIRECT = ("", " trực tiếp", " (trực tiếp)", " tại chỗ")
_ONLINE = (" trực tuyến", " (trực tuyến)", " qua mạng")


def _limits(channels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(limit + channel + unit for channel in channels for limit in _LIMIT for unit in _WITH_UNIT)


CATALOGUE_LIST = Vocabulary(
    headings={
        "code": (
            *(
                "Mã thủ tục hành chính",
                "Mã TTHC",
                "Mã thủ tục",
                "MaTTHC",
                "Mã số TTHC",
                "Mã số thủ tục hành chính",
            ),
            *(
                "Mã số thủ tục",
                "Mã TTHC quốc gia",
                "Mã quốc gia",
                "Mã thủ tục quốc gia",
                "Mã chuẩn",
                "Mã hồ sơ TTHC",
            ),
            *("Mã số", "Mã"),
        ),
        "local_code": ("Mã TTHC địa phương", "Mã thủ tục địa phương", "Mã địa phương", "Mã nội bộ"),
        "procedure_name": (
            *(
                "Tên thủ tục hành chính",
                "Thủ tục hành chính",
                "Tên thủ tục",
                "Thủ tục",
                "Tên TTHC",
                "TenTTHC",
            ),
            *("Tên thủ tục hành chính (TTHC)", "Tên dịch vụ công", "Tên"),
        ),
        "field_code": ("Mã lĩnh vực", "MaLinhVuc", "MaLinhVucChinh"),
        "field_name": ("Lĩnh vực", "Tên lĩnh vực", "TenLinhVuc", "Lĩnh vực chính", "LinhVucChinh"),
        "level": (
            *(
                "Cấp thực hiện",
                "CapThucHien",
                "Cấp giải quyết",
                "Cấp thủ tục",
                "Cấp TTHC",
                "Cấp hành chính",
                "Cấp",
            ),
            "Thẩm quyền giải quyết",
        ),
        "service_level": (
            *(
                "Mức độ dịch vụ công",
                "Mức độ DVC",
                "Mức độ DVCTT",
                "Mức độ dịch vụ công trực tuyến",
                "Mức độ",
            ),
            *(
                "Mức độ cung cấp dịch vụ công",
                "Mức độ cung cấp",
                "MucDo",
                "Dịch vụ công trực tuyến",
                "Mức DVC",
            ),
            *("Loại dịch vụ công", "Dịch vụ công", "Mức độ cung cấp dịch vụ công trực tuyến"),
        ),
        "limit": (*_limits(_DIRECT), "ThoiGianGiaiQuyet"),
        "online_limit": (*_limits(_ONLINE), "ThoiGianGiaiQuyetTrucTuyen"),
        "limit_hours": ("ThoiGianThucHien",),
        "online_limit_hours": ("ThoiGianThucHienTrucTuyen",),
        "limit_unit": (
            *("Đơn vị tính", "Đơn vị thời gian", "Đơn vị thời hạn", "Đơn vị tính thời hạn", "Loại thời gian"),
            *("Loại thời hạn", "Loại thời gian thực hiện", "LoaiThoiGianThucHien", "ĐVT"),
        ),
        "fee": (
            *("Phí, lệ phí", "Phí lệ phí", "Phí/lệ phí", "Phí, lệ phí (nếu có)", "Phí và lệ phí", "Phí"),
            *("Có phí, lệ phí", "Thu phí, lệ phí", "Thu phí", "Mức phí, lệ phí", "Có thu phí, lệ phí"),
        ),
        "charge": ("Lệ phí", "Có lệ phí"),
        "paper": (
            *(
                "Kết quả bản giấy",
                "Trả kết quả bản giấy",
                "Có kết quả bản giấy",
                "Kết quả giấy",
                "Trả bản giấy",
            ),
        ),
        "decision": (
            *(
                "Quyết định công bố",
                "QuyetDinhCongBo",
                "Số quyết định công bố",
                "Số quyết định",
                "Quyết định",
            ),
            "Văn bản công bố",
        ),
        "state": ("Trạng thái", "Tình trạng", "Hiệu lực", "Tình trạng hiệu lực"),
    },
    not_read=(
        *("STT", "Số thứ tự", "TT", "Ghi chú", "GhiChu", "Đối tượng thực hiện", "Cơ quan thực hiện"),
        *("Cơ quan ban hành", "Cơ quan công bố", "Kết quả thực hiện", "Kết quả", "Thành phần hồ sơ"),
        *("Căn cứ pháp lý", "Cách thức thực hiện", "Địa điểm thực hiện", "Trình tự thực hiện", "Đường dẫn"),
    ),
    key_column="code",
)

_SERVICE = (
    ("full", re.compile(r"\btoan trinh\b|^(?:muc (?:do )?)?4$|^full$")),
    ("partial", re.compile(r"\bmot phan\b|^(?:muc (?:do )?)?3$|^partial$")),
    ("information", re.compile(r"\bcung cap thong tin\b|^(?:muc (?:do )?)?[12]$|^information$|^con lai$")),
)
_LEVEL = (
    ("ministry", re.compile(r"\b(?:bo|trung uong|ministry)\b")),
    ("province", re.compile(r"\b(?:tinh|so|province)\b")),
    ("district", re.compile(r"\b(?:huyen|(?<!co )quan|thi xa|district)\b")),
    ("commune", re.compile(r"(?<!thi )\bxa\b|\b(?:phuong|commune)\b")),
    ("other", re.compile(r"\b(?:khac|other)\b")),
)
_NOT_IN_FORCE = re.compile(
    r"\b(?:het hieu luc|bai bo|huy bo|khong con|ngung|khong ap dung|(?:bi|da|duoc) thay the|da dong|khong cong khai)\b"
)
_NO = re.compile(r"^(?:khong|chua|mien|none|false|no)\b|^[-x0. ]*$")
_YES = re.compile(r"^(?:co|true|yes|x|theo quy dinh|thu)\b")
_SECTION = re.compile(r"^(?:[IVXLC\d.]+[.)]?\s+|[A-Z][.)]\s*)?lĩnh vực\s*:?\s*(.+)$", re.IGNORECASE)


def service_level(text: str) -> str | None:
    """Returns full, partial or information, or None when it is not known."""
    words = plain(text)
    return next((level for level, pattern in _SERVICE if pattern.search(words)), None)


def level(text: str) -> str | None:
    """Returns the levels named, joined by a comma: "province, commune", or None when none is."""
    words = plain(text)
    return ", ".join(name for name, pattern in _LEVEL if pattern.search(words)) or None


def is_ended(text: str) -> bool:
    """Returns whether the state of a row says that the procedure is no longer in force."""
    return _NOT_IN_FORCE.search(plain(text)) is not None


def is_fee(text: str) -> bool | None:
    """Returns whether fees are charged: "8.000 đồng/bản" and "Có" yes, "Không" and "0" no; None when it is
    not certain.
    """
    words = plain(text)
    if re.search(r"[1-9]", words):
        return True
    if words == "x" or _YES.match(words):
        return True
    return False if _NO.match(words) or re.fullmatch(r"0[0 ]*(?:dong|d|vnd)?", words) else None


def is_paper(text: str) -> bool | None:
    """Returns whether the result is a paper, or None when it is not certain."""
    words = plain(text)
    if words in ("1", "x") or words.startswith(("co", "ban giay", "giay", "true")):
        return True
    return False if words == "0" or words.startswith(("khong", "ban dien tu", "dien tu", "false")) else None


def section_sector(cells: list[str]) -> str | None:
    """Returns the sector that a section row names: "II. LĨNH VỰC HỘ TỊCH" -> "HỘ TỊCH"."""
    return next((match[1].strip(" .:") for cell in cells if (match := _SECTION.match(cell))), None)
