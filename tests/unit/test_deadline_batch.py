"""One by one, day by day, or a whole frame at once: always the same due instant."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.dimensions.work_calendar import CalendarRangeError, WorkingHours, day_number
from assets.facts.deadline import Case, Extension, LimitError, Office, Pause, find_due
from assets.facts.deadline_batch import DUE_SCHEMA, due_frame
from assets.facts.deadline_trace import explain
from tests.unit.deadline_cases import calendar, vectors

_FIRST, _LAST = datetime(2022, 12, 5), datetime(2026, 12, 1)
_PAUSES = pl.List(pl.Struct({"paused_at": pl.Datetime("us"), "resumed_at": pl.Datetime("us")}))
_EXTENSIONS = pl.List(pl.Struct({"extended_at": pl.Datetime("us"), "due": pl.Datetime("us")}))

# On the bounds of the office hours as often as anywhere else.
_CLOCKS = st.one_of(
    st.times(), st.sampled_from([time(7), time(11, 30), time(13, 30), time(17), time(17, 0, 0, 1)])
)
_INSTANTS = st.builds(datetime.combine, st.dates(_FIRST.date(), _LAST.date()), _CLOCKS)
_VALUES = st.one_of(st.integers(0, 40), st.sampled_from([0.5, 1.25, 4.5, 7.75, 12.3]))
_UNITS = st.sampled_from(["working_day", "day", "hour", "calendar_day", "working_hour"])
_HOURS = st.sampled_from(
    [
        WorkingHours(),
        WorkingHours(((time(8), time(16)),)),
        WorkingHours(((time(7, 30), time(11, 30)), (time(13), time(16, 30)))),
    ]
)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    return Office(calendar(), draw(_HOURS), draw(st.booleans()), draw(st.sampled_from(["exact", "whole"])))


@st.composite
def pauses(draw: st.DrawFn, received: datetime) -> Pause:
    paused_at = received + timedelta(seconds=draw(st.integers(-200_000, 3_000_000)))
    waited = draw(st.one_of(st.none(), st.integers(0, 3_000_000)))
    return Pause(paused_at, None if waited is None else paused_at + timedelta(seconds=waited))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    received = draw(_INSTANTS)
    letters = st.builds(
        lambda after, more: Extension(received + timedelta(seconds=after), received + timedelta(hours=more)),
        st.integers(-100_000, 3_000_000),
        st.integers(24, 2_000),
    )
    return Case(
        draw(st.one_of(st.none(), st.just(received), st.just(received), st.just(received))),
        draw(st.one_of(st.none(), _VALUES, _VALUES, _VALUES)),
        draw(_UNITS),
        draw(st.lists(pauses(received), max_size=3)),
        draw(st.lists(letters, max_size=2)),
    )


def at_closing(due: datetime | date) -> datetime:
    """A column holds instants only; the letters of the vectors mean the usual office hours."""
    return due if isinstance(due, datetime) else datetime.combine(due, time(17))


def frame_of(given_cases: list[Case]) -> pl.DataFrame:
    rows = {
        "dossier_code": [f"d{number}" for number in range(len(given_cases))],
        "received_at": [case.received_at for case in given_cases],
        "limit_value": [case.limit_value for case in given_cases],
        "limit_unit": [case.limit_unit for case in given_cases],
        "pauses": [
            [{"paused_at": p.paused_at, "resumed_at": p.resumed_at} for p in case.pauses]
            for case in given_cases
        ],
        "extensions": [
            [{"extended_at": e.extended_at, "due": at_closing(e.due)} for e in case.extensions]
            for case in given_cases
        ],
    }
    types = {"received_at": pl.Datetime("us"), "limit_value": pl.Float64, "limit_unit": pl.String}
    return pl.DataFrame(
        rows, schema_overrides=types | {"pauses": _PAUSES, "extensions": _EXTENSIONS}, strict=False
    )


def each_alone(case: Case, office: Office) -> tuple[datetime | None, str | None]:
    try:
        due = find_due(case, office)
    except CalendarRangeError:
        return None, "outside_calendar"
    except LimitError:
        return None, "invalid_limit"
    return due.due_at, due.reason


@settings(max_examples=150, deadline=None)
@given(st.lists(cases(), max_size=15), offices())
def test_a_frame_gives_what_each_dossier_gives(given_cases: list[Case], office: Office) -> None:
    actual = due_frame(frame_of(given_cases), office)
    assert actual.schema == DUE_SCHEMA
    assert actual["dossier_code"].to_list() == [f"d{number}" for number in range(len(given_cases))]
    assert actual.select("due_at", "reason").rows() == [each_alone(case, office) for case in given_cases]


@settings(max_examples=150, deadline=None)
@given(cases(), offices())
def test_walking_day_by_day_ends_at_the_same_instant(case: Case, office: Office) -> None:
    actual, reason = each_alone(case, office)
    if reason != "outside_calendar":
        assert (shown := explain(case, office).due).due_at == actual and shown.reason == reason


@settings(max_examples=150, deadline=None)
@given(_INSTANTS, _VALUES, _UNITS, offices())
def test_the_due_instant_is_in_office_hours_of_a_working_day(
    received: datetime, value: float, unit: str, office: Office
) -> None:
    due = find_due(Case(received, value, unit), office).due_at
    assert due is not None and due >= received
    assert calendar().is_working[calendar().place(day_number(due))]
    assert any(opens <= due.time() <= closes for opens, closes in office.hours.sessions)


@settings(max_examples=150, deadline=None)
@given(_INSTANTS, st.integers(1, 40), _UNITS, offices())
def test_a_longer_limit_is_never_due_earlier(
    received: datetime, value: int, unit: str, office: Office
) -> None:
    shorter, longer = (find_due(Case(received, v, unit), office).due_at for v in (value, value + 1))
    assert shorter is not None and longer is not None and shorter <= longer


def test_the_vectors_come_out_of_a_frame_too() -> None:
    for vector in vectors():
        actual = due_frame(frame_of([vector.case]), vector.office)
        assert actual.select("due_at", "reason").rows() == [(vector.due.due_at, vector.due.reason)], (
            vector.rule
        )


def test_a_date_alone_in_a_letter_is_the_end_of_office_hours() -> None:
    case = Case(datetime(2025, 6, 2, 9), 1, "day")
    letters = pl.Series([[{"extended_at": datetime(2025, 6, 3), "due": date(2025, 6, 16)}]])
    actual = due_frame(frame_of([case]).with_columns(extensions=letters), Office(calendar()))
    assert actual["due_at"].to_list() == [datetime(2025, 6, 16, 17)]


def test_what_cannot_be_counted_stops_no_other_dossier() -> None:
    received = datetime(2025, 6, 2, 9)
    frame = pl.DataFrame(
        {
            "dossier_code": ["unit", "value", "nan", "huge", "far", "old", "pause", "no pauses", "good"],
            "received_at": [received] * 5 + [datetime(1900, 1, 1)] + [received] * 3,
            "limit_value": [1.0, -1.0, float("nan"), 1e300, 9e4, 1.0, 1.0, 1.0, 1.0],
            "limit_unit": ["week", "day", "day", "day", "day", "day", "day", "day", "day"],
            "pauses": [[]] * 6
            + [[{"paused_at": received, "resumed_at": received - timedelta(days=1)}], None, []],
        },
        schema_overrides={"pauses": _PAUSES},
    )
    actual = due_frame(frame, Office(calendar()))
    assert dict(actual.select("dossier_code", "reason").iter_rows()) == {
        "unit": "invalid_limit",
        "value": "invalid_limit",
        "nan": "invalid_limit",
        "huge": "invalid_limit",
        "far": "outside_calendar",
        "old": "outside_calendar",
        "pause": "invalid_pause",
        "no pauses": None,
        "good": None,
    }
    assert actual.filter(pl.col("reason").is_null())["due_at"].to_list() == [datetime(2025, 6, 3, 9)] * 2


def test_what_is_not_known_of_a_pause_or_letter_is_not_made_up() -> None:
    frame = frame_of([Case(datetime(2025, 6, 2, 9), 1, "day")])
    unasked = pl.Series([[{"paused_at": None, "resumed_at": datetime(2025, 6, 3)}]], dtype=_PAUSES)
    undated = pl.Series([[{"extended_at": datetime(2025, 6, 3), "due": None}]], dtype=_EXTENSIONS)
    office = Office(calendar())
    assert due_frame(frame.with_columns(pauses=unasked), office)["reason"].to_list() == ["invalid_pause"]
    assert due_frame(frame.with_columns(extensions=undated), office)["reason"].to_list() == [
        "invalid_extension"
    ]


def test_a_frame_may_have_no_pauses_at_all() -> None:
    frame = frame_of([Case(datetime(2025, 6, 2, 9), 1, "day")]).drop("pauses", "extensions")
    assert due_frame(frame, Office(calendar()))["due_at"].to_list() == [datetime(2025, 6, 3, 9)]
    assert due_frame(frame.clear(), Office(calendar())).schema == DUE_SCHEMA
    bare = frame.with_columns(pauses=pl.lit(None), extensions=pl.lit(None))
    assert due_frame(bare, Office(calendar()))["due_at"].to_list() == [datetime(2025, 6, 3, 9)]
