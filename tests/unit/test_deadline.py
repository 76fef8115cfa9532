"""Due instants: the vectors a lawyer can check, what the trace tells, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from assets.dimensions.calendar import date_frame
from assets.dimensions.work_calendar import CalendarRangeError, WorkingHours, calendar_of, day_number
from assets.facts.deadline import (
    Case,
    Extension,
    LimitError,
    Office,
    Pause,
    PauseError,
    find_due,
)
from assets.facts.deadline_trace import Explanation, explain
from assets.facts.deadline_words import _SENTENCES
from tests.unit.deadline_cases import Vector, calendar, vectors

RULES = {f"D{number}" for number in range(1, 16)}
# Holiday on a Saturday, five working days over a holiday and a Saturday worked in exchange, and a pause.
LONG = Case(
    datetime(2025, 4, 25, 16, 45),
    5,
    "working_day",
    [Pause(datetime(2025, 4, 28, 9), datetime(2025, 4, 30, 9))],
)


def office(**options: Any) -> Office:
    return Office(calendar(), **options)


def texts(explanation: Explanation) -> list[str]:
    return [line.text for line in explanation.lines]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.rule)
def test_a_vector_comes_out_as_counted_by_hand(vector: Vector) -> None:
    assert find_due(vector.case, vector.office) == vector.due


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.rule)
def test_the_walk_through_the_days_ends_where_the_look_up_does(vector: Vector) -> None:
    assert explain(vector.case, vector.office).due == vector.due


def test_every_rule_has_a_vector_and_every_vector_its_own_sentence() -> None:
    assert {rule for vector in vectors() for rule in vector.by} == RULES
    assert len(vectors()) >= 140
    assert [rule for rule, count in Counter(vector.rule for vector in vectors()).items() if count > 1] == []


def test_the_trace_tells_every_day_in_vietnamese() -> None:
    assert texts(explain(LONG, office())) == [
        "Tiếp nhận thứ Sáu 16:45 ngày 25/04/2025.",
        "Thứ Bảy 26/04/2025: ngày làm việc thứ 1 (làm bù cho ngày 02/05/2025).",
        "Chủ nhật 27/04/2025: nghỉ cuối tuần, không tính.",
        "Thứ Hai 28/04/2025: ngày làm việc thứ 2.",
        "Thứ Ba 29/04/2025: ngày làm việc thứ 3.",
        "Thứ Tư 30/04/2025: nghỉ lễ: Ngày Chiến thắng, không tính.",
        "Thứ Năm 01/05/2025: nghỉ lễ: Ngày Quốc tế Lao động, không tính.",
        "Thứ Sáu 02/05/2025: ngày nghỉ (thay cho ngày 26/04/2025), không tính.",
        "Thứ Bảy 03/05/2025: nghỉ cuối tuần, không tính.",
        "Chủ nhật 04/05/2025: nghỉ cuối tuần, không tính.",
        "Thứ Hai 05/05/2025: ngày làm việc thứ 4.",
        "Thứ Ba 06/05/2025: ngày làm việc thứ 5.",
        "Tạm dừng từ thứ Hai 09:00 ngày 28/04/2025 đến thứ Tư 09:00 ngày 30/04/2025, cộng 2 ngày vào ngày hẹn.",
        "Ngày hẹn cũ thứ Ba 16:45 ngày 06/05/2025 cộng 2 ngày là thứ Năm 16:45 ngày 08/05/2025.",
        "Hẹn trả thứ Năm 16:45 ngày 08/05/2025.",
    ]


def test_the_summary_is_one_line_in_either_language() -> None:
    assert explain(LONG, office()).summary == (
        "Tiếp nhận thứ Sáu 16:45 ngày 25/04/2025, hạn 5 ngày làm việc, tính từ thứ Bảy 26/04/2025; "
        "Ngày Chiến thắng −1 ngày; Ngày Quốc tế Lao động −1 ngày; nghỉ hoán đổi −1 ngày; "
        "thứ Bảy làm bù +1; tạm dừng 2 ngày; hẹn trả thứ Năm 16:45 ngày 08/05/2025."
    )
    assert explain(LONG, office(), lang="en").summary == (
        "Received Friday 16:45, 2025-04-25, limit 5 working days, counted from Saturday 2025-04-26; "
        "Reunification Day −1; Labour Day −1; day off in exchange −1; Saturday worked in exchange +1; "
        "paused 2 days; due Thursday 16:45, 2025-05-08."
    )


def test_all_days_of_tet_are_one_word_of_the_summary() -> None:
    case = Case(datetime(2024, 2, 2, 16, 45), 5, "working_day")
    assert explain(case, office()).summary == (
        "Tiếp nhận thứ Sáu 16:45 ngày 02/02/2024, hạn 5 ngày làm việc, tính từ thứ Hai 05/02/2024; "
        "Tết −7 ngày; hẹn trả thứ Sáu 16:45 ngày 16/02/2024."
    )


def test_hours_are_reported_session_by_session() -> None:
    case = Case(datetime(2025, 6, 6, 15), 6.5, "hour")
    assert texts(explain(case, office()))[1:] == [
        "Thứ Sáu 06/06/2025: 15:00–17:00, được 2 giờ, còn 4 giờ 30 phút.",
        "Thứ Bảy 07/06/2025: nghỉ cuối tuần, hạn chuyển sang ngày làm việc tiếp theo.",
        "Chủ nhật 08/06/2025: nghỉ cuối tuần, hạn chuyển sang ngày làm việc tiếp theo.",
        "Thứ Hai 09/06/2025: 07:00–11:30, được 4 giờ 30 phút, hết thời hạn.",
        "Hẹn trả thứ Hai 11:30 ngày 09/06/2025.",
    ]


def test_an_open_pause_says_that_the_clock_stands_still() -> None:
    case = Case(datetime(2025, 6, 2, 9), 5, "working_day", [Pause(datetime(2025, 6, 3, 10))])
    shown = explain(case, office())
    assert (
        shown.lines[-1].text
        == "Tạm dừng từ thứ Ba 10:00 ngày 03/06/2025, chưa tiếp tục: chưa có ngày hẹn trả."
    )
    assert shown.summary.endswith("đang tạm dừng từ thứ Ba 10:00 ngày 03/06/2025, chưa có ngày hẹn trả.")


def test_what_was_said_before_acceptance_is_reported_but_not_counted() -> None:
    case = Case(
        datetime(2025, 6, 2, 9),
        1,
        "working_day",
        [Pause(datetime(2025, 5, 30, 9))],
        [Extension(datetime(2025, 5, 31, 9), date(2025, 7, 1))],
    )
    shown = explain(case, office())
    assert [line.kind for line in shown.lines].count("ignored") == 2
    assert shown.due.due_at == datetime(2025, 6, 3, 9)


def test_both_languages_have_the_same_sentences() -> None:
    assert _SENTENCES["vi"].keys() == _SENTENCES["en"].keys()


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.rule)
def test_english_tells_the_same_steps(vector: Vector) -> None:
    english, vietnamese = (explain(vector.case, vector.office, lang) for lang in ("en", "vi"))
    assert [line.on for line in english.lines] == [line.on for line in vietnamese.lines]
    assert not set("ạảãắằẵặấầẫậếềễệịỉĩốồỗộớờỡợứừữựỳỹ") & set(english.summary.replace("Tết", ""))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        explain(LONG, office(), lang="fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (5, "fortnight", "A limit of 5 is in an unknown unit, 'fortnight'"),
        (-1, "day", r"must be from 0 to 100000, not -1 \(day\)"),
        (1e300, "day", r"not 1e\+300 \(day\)"),
        (float("nan"), "hour", r"not nan \(hour\)"),
    ],
)
def test_a_limit_that_cannot_be_counted_is_named(value: float, unit: str, words: str) -> None:
    with pytest.raises(LimitError, match=words):
        find_due(Case(datetime(2025, 6, 2), value, unit), office())


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(PauseError, match="2025-06-03 00:00:00 cannot end at 2025-06-02"):
        Pause(datetime(2025, 6, 3), datetime(2025, 6, 2))


@pytest.mark.parametrize(
    ("received", "value", "unit"),
    [
        (datetime(1900, 1, 1), 5, "working_day"),
        (datetime(2025, 6, 2), 5_000, "working_day"),
        (datetime(2025, 6, 2), 5_000, "day"),
        (datetime(2025, 6, 2), 100_000, "hour"),
        (datetime(2027, 12, 31, 18), 0, "day"),
    ],
)
def test_days_beyond_the_calendar_are_refused(received: datetime, value: float, unit: str) -> None:
    with pytest.raises(CalendarRangeError, match="holds 2022-12-01 to 2027-12-31"):
        find_due(Case(received, value, unit), office())


@pytest.mark.parametrize(
    "sessions",
    [
        (),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(7), time(9)), (time(10), time(11)), (time(13), time(17))),
    ],
)
def test_office_hours_are_one_session_or_two(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="one session, or two"):
        WorkingHours(sessions)


def test_the_calendar_is_that_of_the_date_dimension() -> None:
    frame = date_frame(date(2023, 1, 1), date(2026, 12, 31))
    actual = calendar_of(frame.sample(fraction=1, shuffle=True, seed=1))
    assert list(actual.is_working) == frame["is_working_day"].to_list()
    assert list(actual.is_makeup) == frame["is_makeup_workday"].to_list()
    assert actual.first == day_number(date(2023, 1, 1))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 5, 4), "Làm bù cho ngày 29/04/2024"),
        (date(2025, 4, 26), "Làm bù cho ngày 02/05/2025"),
        (date(2026, 1, 10), "Làm bù cho ngày 02/01/2026"),
        (date(2026, 8, 22), "Làm bù cho ngày 31/08/2026"),
    ],
)
def test_a_day_worked_in_exchange_says_for_which(day: date, name: str) -> None:
    assert calendar().names[calendar().place(day_number(day))] == name


def test_a_calendar_with_a_gap_is_refused() -> None:
    frame = date_frame(date(2023, 1, 1), date(2023, 1, 31))
    with pytest.raises(ValueError, match="none left out"):
        calendar_of(frame.filter(pl.col("date") != date(2023, 1, 15)))


def test_office_hours_that_are_short_take_more_days_for_the_same_limit() -> None:
    short = office(hours=WorkingHours(((time(8), time(9)),)))
    due = find_due(Case(datetime(2025, 6, 2, 8), 4, "hour"), short).due_at
    assert due == datetime(2025, 6, 5, 9)
    assert explain(Case(datetime(2025, 6, 2, 8), 4, "hour"), short).due.due_at == due


def test_a_pause_of_whole_days_keeps_the_clock_time() -> None:
    pause = Pause(datetime(2025, 6, 3, 10), datetime(2025, 6, 3, 10) + timedelta(days=3, hours=23))
    case = Case(datetime(2025, 6, 2, 9), 5, "working_day", [pause])
    assert find_due(case, office(pause_days="whole")).due_at == datetime(2025, 6, 12, 9)
