"""Official wording: columns of form II.06, what rule sets say, names of kinds, and the inspection sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assets.exports.completeness import FEED_STATUSES
from assets.reports.by_field import disagreeing_units, unit_fields
from assets.reports.figures import CURRENT, Figures, Row
from assets.reports.vietnamese import day, exact_instant, instant, number, percent
from quality.catalogue import load_rules

TITLE = "Tình hình, kết quả giải quyết TTHC tại cơ quan, đơn vị trực tiếp giải quyết TTHC"
STAMP = "Biểu số II.06a/VPCP/KSTT"
#: At most so many days of a feed are named one by one; ops.feed_day has all.
MOST_DAYS = 5

#: Groups of columns of the form, each with its columns: (figure, heading).
FORM_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Số hồ sơ nhận giải quyết",
        (
            ("received_total", "Tổng số"),
            ("received_online", "Trong kỳ: trực tuyến"),
            ("received_direct_postal", "Trong kỳ: trực tiếp, dịch vụ bưu chính"),
            ("carried_over", "Từ kỳ trước"),
        ),
    ),
    (
        "Số hồ sơ đã giải quyết",
        (
            ("resolved_total", "Tổng số"),
            ("resolved_early", "Trước hạn"),
            ("resolved_on_time", "Đúng hạn"),
            ("resolved_late", "Quá hạn"),
        ),
    ),
    (
        "Số hồ sơ đang giải quyết",
        (
            ("pending_total", "Tổng số"),
            ("pending_in_time", "Trong hạn"),
            ("pending_overdue", "Quá hạn"),
        ),
    ),
)
FORM_COLUMNS = tuple(column for _, columns in FORM_GROUPS for column in columns)
# A total and the columns that make it up, as they are numbered on the form.
_FORM_SUMS = (
    ("received_total", ("received_online", "received_direct_postal", "carried_over")),
    ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("pending_total", ("pending_in_time", "pending_overdue")),
)
FORM_BALANCE = ("received_total", ("resolved_total", "pending_total"))

EDITED_KINDS = {
    "due_moved_after_it_passed": "Ngày hẹn trả được dời sau khi đã qua",
    "end_before_it_was_seen_open": "Ngày kết thúc sớm hơn lúc hồ sơ còn được báo đang mở",
    "end_moved": "Ngày kết thúc được sửa sau khi đã kết thúc",
    "received_moved": "Ngày tiếp nhận được sửa",
    "status_backwards": "Trạng thái đi lùi",
    "vanished": "Không còn trong danh sách đầy đủ của nguồn",
    "vanished_and_came_back": "Có lúc không có trong danh sách đầy đủ của nguồn, sau đó có lại",
}
PORTAL_KINDS = {
    "missing_national": "Cổng quốc gia không có",
    "missing_provincial": "Hệ thống tỉnh không có",
    "status": "Trạng thái khác nhau",
    "due_date": "Ngày hẹn trả khác nhau",
}

_KINDS_OF_UNITS = ("Thị xã", "Thị trấn", "Thành phố", "Tỉnh", "Huyện", "Quận", "Phường", "Xã", "Đặc khu")
_PARTS = ("Xã", "Phường", "Thị trấn")
_MOST_NAMED = 5


def period(figures: Figures) -> str:
    """The line of the period."""
    return f"Từ ngày {day(figures.request.date_from)} đến hết ngày {day(figures.request.date_to)}"


def known(figures: Figures) -> str:
    """As of which moment of knowledge the figures are."""
    if figures.request.known_at:
        return f"Theo các tệp đã nhận đến {exact_instant(figures.request.known_at)}"
    return f"Theo mọi tệp đã nhận, lần xuất gần nhất {instant(figures.last_exported_at)}"


def unit_view(figures: Figures) -> str:
    """By which list of units the form counts; nothing to say where it is by the units as received."""
    if figures.request.unit_view != CURRENT:
        return ""
    said = "Biểu quy về đơn vị hành chính hiện nay; các danh sách hồ sơ ghi đơn vị lúc tiếp nhận."
    if any(row["is_estimate"] for row in figures.form):
        said += (
            " Dòng “(ước tính)” có phần của đơn vị cũ bị chia, tính theo trọng số của core.unit_successor; hồ sơ của"
            " đơn vị đó chỉ có trong danh sách khi báo cáo gồm mọi đơn vị kế tiếp của nó."
        )
    return said


def units(figures: Figures) -> str:
    """The chosen units, within a sentence."""
    named = [_within(row["unit_name"]) for row in figures.asked_units]
    if not named:
        return "của tất cả đơn vị trong kho số liệu"
    if len(named) > _MOST_NAMED:
        return f"của {len(named)} đơn vị ({', '.join(named[:_MOST_NAMED])}, …)"
    return ", ".join(named) + with_parts(figures)


def with_parts(figures: Figures) -> str:
    """What is counted with the units asked for: " và các xã, phường"; nothing where they have no parts."""
    if not any(row["level"] in ("district", "province") for row in figures.asked_units):
        return ""
    names = [row["unit_name"] for row in figures.form]
    kinds = [kind for kind in _PARTS if any(name.startswith(kind) for name in names)]
    return f" và các {', '.join(kinds).lower()}" if kinds else ""


def _within(name: str) -> str:
    return name[0].lower() + name[1:] if name.startswith(_KINDS_OF_UNITS) else name


def inspection_sentence(figures: Figures) -> str:
    """The sentence of an inspection report."""
    line = figures.line
    untimed = line["resolved"] - line["early_or_on_time"] - line["late"]
    withdrawn = f", rút không tính thời hạn {number(untimed)}" if untimed else ""
    return (
        f"Từ {day(figures.request.date_from)} đến {day(figures.request.date_to)}, bộ phận một cửa {units(figures)} tiếp"
        f" nhận trực tiếp {number(line['received'])} hồ sơ; đã giải quyết {number(line['resolved'])}"
        f" ({percent(line['resolved'], line['received'])}), trong đó trước hạn và đúng hạn"
        f" {number(line['early_or_on_time'])}, quá hạn {number(line['late'])}{withdrawn}; đang giải quyết quá hạn"
        f" {number(line['overdue_open'])} (bộ quy tắc {figures.request.rule_set})."
    )


def lateness(row: Row) -> str:
    """By how much a dossier is late."""
    days = row["working_days_late"]
    if days is None:
        return ""
    return f"Quá hạn {number(days)} ngày làm việc" if days > 0 else "Quá hạn dưới 1 ngày làm việc"


def last_desk(row: Row) -> str:
    """Office and function that had a dossier last."""
    return ", ".join(part for part in (row["department"], row["position"]) if part)


def warnings(figures: Figures) -> Sequence[str]:
    """What a reader must know before the figures."""
    found = []
    covered = figures.covered_through
    if covered is None:
        found.append("Chưa có tệp xuất nào tính đến thời điểm này; mọi số liệu đều bằng 0.")
    elif covered < figures.request.date_to:
        found.append(
            f"Số liệu mới đến hết ngày {day(covered)}, kỳ báo cáo đến {day(figures.request.date_to)}: phần sau chưa đủ."
        )
    if said := incomplete_feeds(figures):
        found.append(said)
    return [*found, *check_warnings(figures)]


def check_warnings(figures: Figures) -> list[str]:
    """What of the forms does not add up: which sum, at which units."""
    found = [
        f"Biểu II.06a không cân ({said}) ở {_some(names)}; cần kiểm tra."
        for said, names in broken_sums(figures)
    ]
    if names := disagreeing_units(figures, unit_fields(figures)):
        found.append(f"Số theo lĩnh vực cộng lại khác số theo đơn vị ở {_some(names)}; cần kiểm tra.")
    return found


def broken_sums(figures: Figures) -> list[tuple[str, list[str]]]:
    """Sums of the form that do not hold, by the numbers of their columns, each with the units at which they do not."""
    numbers = {name: n for n, (name, _) in enumerate(FORM_COLUMNS, start=1)}
    found = []
    for whole, parts in (*form_sums(figures), FORM_BALANCE):
        names = [row["unit_name"] for row in figures.form if difference(row, whole, parts)]
        if names:
            found.append((f"{numbers[whole]} = {' + '.join(str(numbers[part]) for part in parts)}", names))
    return found


def _some(names: Sequence[str]) -> str:
    more = f" và {number(len(names) - _MOST_NAMED)} đơn vị khác" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def incomplete_feeds(figures: Figures) -> str:
    """The export days of the period that figures rest on and that are not complete; empty when all are."""
    parts = []
    for (source, status), rows in groupby(
        sorted(figures.feeds, key=lambda row: (row["source"], row["status"], row["day"])),
        key=lambda row: (row["source"], row["status"]),
    ):
        days = [day(row["day"]) for row in rows]
        more = f" và {len(days) - MOST_DAYS} ngày khác đến {days[-1]}" if len(days) > MOST_DAYS else ""
        parts.append(f"{source} {FEED_STATUSES[status]} ngày {', '.join(days[:MOST_DAYS])}{more}")
    return f"Số liệu dựa trên nguồn chưa đủ: {'; '.join(parts)}." if parts else ""


def difference(row: Row, whole: str, parts: Sequence[str]) -> int:
    """A total less the columns that make it up: 0 when they agree."""
    return int(row[whole]) - sum(int(row[part]) for part in parts)


def form_sums(figures: Figures) -> Sequence[tuple[str, Sequence[str]]]:
    """Totals of the form and what makes them up; under some rule sets what is withdrawn is resolved, not timed."""
    return [one for one in _FORM_SUMS if one[0] != "resolved_total" or figures.rule_set["times_all"]]


def form_checks(figures: Figures) -> str:
    """The same sums by the numbers of their columns."""
    return (
        "1 = 2 + 3 + 4; 5 = 6 + 7 + 8; 9 = 10 + 11"
        if figures.rule_set["times_all"]
        else "1 = 2 + 3 + 4; 9 = 10 + 11; cột 5 gồm cả hồ sơ rút, không tính thời hạn"
    )


def unbalanced(figures: Figures) -> str:
    """How many units' rows do not add up, over all sums of the form."""
    sums = (*form_sums(figures), FORM_BALANCE)
    count = sum(any(difference(row, *one) for one in sums) for row in figures.form)
    if count:
        return f"{number(count)} dòng đơn vị không cân, cần kiểm tra"
    return f"mọi dòng đơn vị đều cân, kể cả {form_checks(figures)}"


def edited_before(row: Row) -> str:
    """What stood before a change."""
    return instant(row["old_value"]) if row["old_value"] else str(row["old_status"] or "–")


def edited_after(row: Row) -> str:
    """What stands after it."""
    return instant(row["new_value"]) if row["new_value"] else str(row["new_status"] or "–")


def rule_summary(rule_id: str) -> str:
    """What is wrong with a quarantined row, without what to do about it."""
    messages = {rule.id: rule.summary_vi for rule in load_rules()}
    return messages.get(rule_id, "").split(";")[0]


def rules(figures: Figures) -> str:
    """The rule set of the report in words, as core.rule_set has it."""
    rule = figures.rule_set
    return (
        f"{rule['title_vi']}. {rule['compares_vi']} Không có ngày hẹn trả: {_lower(rule['without_due_vi'])}"
        f" Công dân rút hồ sơ: {_lower(rule['withdrawn_vi'])} Chờ bổ sung: {_lower(rule['waiting_vi'])}"
        f" Chờ thực hiện nghĩa vụ tài chính: {_lower(rule['paying_vi'])} Dừng xử lý: {_lower(rule['stopped_vi'])}"
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
