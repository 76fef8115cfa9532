"""Whether a word in the place of a heading is a person's data, and its shape, which tells nothing of the person.

Where the row of headings is lost, or a portal keys its records by people, names, numbers and addresses stand in their
place. Here: a cautious guess; a true heading taken for a name only loses its words. Not here: values of known columns.
"""

from __future__ import annotations

import re

from assets.given.texts import normalise, without_marks
from warehouse_sql.messages import message

_LONGEST_HEADING = 80
_LONG_NUMBER = re.compile(r"\d{6}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
#: Where a level of a unit is followed by a name, or a house by its number.
_ADDRESS = re.compile(
    r"\b(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|ấp|khóm|thôn|xóm|đường|phố|p\.|tp\.|tx\.|tt\.|h\.|q\.|x\.)"
    r"\s*[A-ZĐÀ-ỸĂÂÊÔƠƯ\d]|\b(?:số nhà|tổ|khu phố|hẻm|ngõ|ngách|kiệt)\s*\d",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    """Returns the words, and each of them without diacritics."""
    return frozenset(text.split()) | frozenset(without_marks(text).split())


_SURNAME_LIST = (
    "nguyễn trần phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô dương đinh đoàn lâm trịnh mai lương tô tạ tăng châu quách"
    " vương mạc triệu thạch néang trương lưu phùng tống diệp doãn khổng nghiêm hứa lục bành giang kiều lữ ninh ung"
    " nguyen tran pham hoang huynh bui duong dinh doan trinh neang luu trieu truong luong"
)
_SURNAMES = frozenset(_SURNAME_LIST.split())
#: Surnames that begin a heading, too, and the words that follow there: "Hồ sơ", "Lý do", "Mã số".
_SURNAMES_AND_WORDS = _words(
    "hồ lý mã từ phí cao đào lê hà thái la chu danh kim kiên sơn quang tôn âu cù lại ông sử thân tiêu trang văn viên chau"
)
_SECOND_WORDS = _words(
    "sơ do số hồ thủ định đơn loại cơ chối ngày khóa tạo sách mục dụng nhân bản chức bà độ phí thông nhất đến đối giao vạch"
)
#: Words of headings that are no surnames: one of them makes a title of what might be a name.
_OF_HEADINGS = _words(
    "tên số ngày giờ loại mức độ do đơn vị cơ sơ thủ tục hành chính lĩnh vực trạng thái tình ghi chú nội dung địa chỉ"
    " điện thoại email fax cán bộ người nộp nhận xử trả kết quả hẹn hạn thời gian hình thức kênh lệ biên lai giấy tờ"
    " phiếu đối tượng cấp phòng ban chức vụ quy trình bước dịch cổng trực tuyến tiếp bổ sung chối yêu cầu đính kèm"
    " thành phần tổng cộng stt tháng năm kỳ giá trị đánh hài lòng nguồn tộc giới sinh cccd cmnd vneid khóa"
    " phục định khoản mẫu tệp"
)
_MIDDLE_NAMES = _words("văn thị hữu đức ngọc quốc xuân hồng")
_MOST_WORDS_OF_A_NAME = 6


def is_personal(written: str) -> bool:
    """Returns whether a text in the place of a heading looks like the name, a number or the address of a person."""
    text = normalise(written)
    return (
        len(text) > _LONGEST_HEADING
        or _LONG_NUMBER.search(re.sub(r"[\s.()+-]", "", text)) is not None
        or "@" in text
        or _DATE.search(text) is not None
        or _is_address(text)
        or _is_name(text)
    )


def shape_of(written: str) -> str:
    """Returns what a text is made of: "(chữ in hoa, 3 từ)", "(9 chữ số)"."""
    text = normalise(written)
    letters = [mark for mark in text if mark.isalpha()]
    digits = sum(mark.isdigit() for mark in text)
    words = len(text.split())
    if not letters:
        return message("({digits} chữ số)", digits=digits) if digits else message("(dấu)")
    kind = message("chữ in hoa") if all(mark.isupper() for mark in letters) else message("chữ")
    return (
        message("({kind} và số, {words} từ)", kind=kind, words=words)
        if digits
        else message("({kind}, {words} từ)", kind=kind, words=words)
    )


def _is_address(text: str) -> bool:
    # "Xã tiếp nhận" is a heading: a name of a place begins with a capital or is a number.
    match = _ADDRESS.search(text)
    return match is not None and (match[0][-1].isdigit() or match[0][-1].isupper()) and len(text.split()) > 1


def _is_name(text: str) -> bool:
    words = text.split()
    if not 2 <= len(words) <= _MOST_WORDS_OF_A_NAME or not all(
        word.strip(".,'’-").isalpha() for word in words
    ):
        return False
    first, *others = (word.casefold() for word in words)
    if first in _SURNAMES:
        return True
    # A heading has its first word alone in capitals, or all of its letters.
    is_spelt_as_a_name = text.isupper() or all(word == word.capitalize() for word in words)
    if first in _SURNAMES_AND_WORDS:
        return others[0] not in _SECOND_WORDS and (is_spelt_as_a_name or others[0] in _MIDDLE_NAMES)
    return is_spelt_as_a_name and not _OF_HEADINGS.intersection((first, *others))
