"""What the page shows beside the form, in small worlds whose figures can be counted by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from assets.reports.page.lists import listings
from assets.reports.page.page import render_page
from assets.reports.reading.figures import ENGLISH, Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.reading.sections import LEAST_BATCH, LEAST_STAGE, MOST_OTHERS, Limits, Stage
from assets.reports.statements.listed_rows import EditedRow
from assets.reports.words.form_texts import FormWords
from assets.reports.words.shortcomings import shortcomings
from assets.reports.words.texts import texts
from assets.reports.words.wording import edited_after, edited_before
from assets.reports.workbook.list_sheets import lists
from tests.worlds import World, national, provincial, step

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_JULY = Request(date(2023, 7, 1), date(2023, 7, 31))


def _code(n: int) -> str:
    return f"000.26.33.H01-230703-{n:04}"


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _stage(figures: Figures, status: int, unit_no: int | None = None) -> Stage:
    (found,) = [one for one in figures.sections.stages if (one.status, one.unit_no) == (status, unit_no)]
    return found


def test_a_stage_lasts_in_working_time_and_open_ones_count_as_open(world: World) -> None:
    """Monday 3 July 2023. Three took up at 9:00 end after 1, 8 and 16 working hours; two wait at the end."""
    ends = {1: "2023-07-03 10:00", 2: "2023-07-04 09:00", 3: "2023-07-05 09:00", 4: "", 5: ""}
    dossiers = [
        national(
            _code(n), received="2023-07-03 08:00", due="2023-07-20 17:00", status=9 if end else 4, ended=end
        )
        for n, end in ends.items()
    ]
    steps = []
    for n, end in ends.items():
        steps += [
            step(_code(n), status=2, processed="2023-07-03 08:00"),
            step(_code(n), status=4, processed="2023-07-03 09:00"),
            # the portal's own "finished" is no stage
            *([step(_code(n), status=9, processed=end)] if end else []),
        ]
    world.say_national("2023-07-31 18:30", *dossiers)
    world.say_steps("2023-07-31 19:00", *steps)
    world.run()
    figures = read_figures(world.engine, _JULY)
    taken_up, processing = _stage(figures, 2), _stage(figures, 4)
    assert (taken_up.total, taken_up.censored, taken_up.median, taken_up.ninetieth) == (5, 0, 4, 4)
    # in quarters of an hour: 1 h, 8 h, 16 h; half are over at 16 h, nine in ten are not
    assert (processing.total, processing.censored) == (5, 2)
    assert (processing.median, processing.ninetieth) == (64, None)
    cells = next(row for row in listings(figures)["stages"].first if "Đang xử lý" in row)
    assert cells == ["Hộ tịch", "Đang xử lý", "Bộ phận Một cửa", "5", "2", "2 ngày", "chưa đạt"]
    (unit,) = {one.unit_no for one in figures.sections.stages} - {None}
    assert replace(_stage(figures, 4, unit), unit_no=None) == processing

    # as known at the end of the 4th, nothing had been told; a period that ends earlier sees less of the same lives
    assert not read_figures(
        world.engine, replace(_JULY, known_at=datetime(2023, 7, 4, 23, 59, tzinfo=_HERE))
    ).sections.stages
    shorter = _stage(read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 3))), 4)
    assert (shorter.total, shorter.censored, shorter.median) == (5, 4, None)


def test_a_weekend_and_the_break_are_no_working_time(world: World) -> None:
    """Friday 16:00 to Monday 8:00 is two hours; 11:00 to 14:00 is one."""
    world.say_national(
        "2023-07-31 18:30",
        national(_code(1), received="2023-07-07 16:00", due="2023-07-20", status=9, ended="2023-07-10 08:00"),
        national(_code(2), received="2023-07-07 11:00", due="2023-07-20", status=9, ended="2023-07-07 14:00"),
    )
    world.say_steps(
        "2023-07-31 19:00",
        step(_code(1), status=2, processed="2023-07-07 16:00"),
        step(_code(2), status=4, processed="2023-07-07 11:00"),
    )
    world.run()
    figures = read_figures(world.engine, _JULY)
    assert (_stage(figures, 2).median, _stage(figures, 4).median) == (8, 4)


def _finished(n: int, ended: str, due: str, **more: Any) -> dict[str, Any]:
    return national(_code(n), received="2023-07-03 08:00", due=due, status=9, ended=ended, **more)


def test_the_hour_before_due_beside_the_hour_after_in_office_hours(world: World) -> None:
    other = {"DonViXuLy": "UBND xã An Cư"}
    world.say_national(
        "2023-07-31 18:30",
        _finished(1, "2023-07-11 16:30", "2023-07-11 17:00"),
        _finished(2, "2023-07-11 17:00", "2023-07-11 17:00"),
        # half an hour after closing time is half past seven
        _finished(3, "2023-07-12 07:30", "2023-07-11 17:00"),
        _finished(4, "2023-07-11 09:30", "2023-07-11 09:00", **other),
        # too early, too late, and a due date that names no hour
        _finished(5, "2023-07-11 15:00", "2023-07-11 17:00"),
        _finished(6, "2023-07-12 09:00", "2023-07-11 17:00"),
        _finished(7, "2023-07-10 16:30", "2023-07-11 00:00"),
    )
    world.run()
    figures = read_figures(world.engine, _JULY)
    names = {row["unit_no"]: row["unit_name"] for row in figures.sections.units}
    counted = {names[one.unit_no]: (one.hits, one.trials) for one in figures.sections.finished_before}
    assert counted == {"Phường Thới Sơn": (2, 3), "Xã An Cư": (0, 1)}
    assert [row["dossier_code"] for row in figures.sections.near] == [_code(2), _code(1)]
    # A report of one unit is still measured by the others.
    alone = read_figures(world.engine, replace(_JULY, units=("30517",))).sections
    assert [(one.hits, one.trials, one.other_trials) for one in alone.finished_before] == [(2, 3, 1)]
    assert [row["dossier_code"] for row in alone.near] == [_code(2), _code(1)]


def test_batches_are_of_one_unit_and_one_minute(world: World) -> None:
    batch = [_finished(n, f"2023-07-11 10:15:{n:02}", "2023-07-20 17:00") for n in range(1, LEAST_BATCH + 1)]
    fewer = [
        _finished(50 + n, "2023-07-11 10:16", "2023-07-20 17:00", DonViXuLy="UBND xã An Cư")
        for n in range(LEAST_BATCH - 1)
    ]
    # an end that names no hour is no minute
    dates = [_finished(70 + n, "2023-07-12 00:00", "2023-07-20 17:00") for n in range(LEAST_BATCH)]
    world.say_national("2023-07-31 18:30", *batch, *fewer, *dates)
    world.run()
    sections = read_figures(world.engine, _JULY).sections
    (found,) = sections.batches
    assert (found["minute_at"], found["dossiers"], found["instants"]) == (
        datetime(2023, 7, 11, 10, 15),
        LEAST_BATCH,
        LEAST_BATCH,
    )
    assert found["dossier_codes"] == [_code(n) for n in range(1, LEAST_BATCH + 1)]
    names = {row["unit_no"]: row["unit_name"] for row in sections.units}
    assert {names[one.unit_no]: (one.hits, one.trials) for one in sections.batched} == {
        "Phường Thới Sơn": (LEAST_BATCH, LEAST_BATCH),
        "Xã An Cư": (0, LEAST_BATCH - 1),
    }


def test_requests_on_the_last_working_day_before_due(world: World) -> None:
    """Due Monday 17:00: from Friday 17:00 on it is the last day; what is asked after that is late anyway."""
    asked = {1: "2023-07-10 09:00", 2: "2023-07-07 17:00", 3: "2023-07-07 16:00", 4: "2023-07-11 09:00"}
    for n, at in asked.items():
        world.say_national(
            f"2023-07-31 18:3{n}",
            national(
                _code(n),
                received="2023-07-03 08:00",
                due="2023-07-10 17:00",
                status=5,
                supplements=[(at, "", "2023-07-10 17:00", "")],
            ),
        )
    world.run()
    sections = read_figures(world.engine, _JULY).sections
    assert [(one.hits, one.trials) for one in sections.paused] == [(2, 3)]
    assert [(row["kind"], row["dossier_code"]) for row in sections.near] == [
        ("pause", _code(1)),
        ("pause", _code(2)),
    ]


def test_due_next_reaches_over_days_off_and_leaves_out_what_waits(world: World) -> None:
    """The period ends on Friday 7 July 2023; Monday is the next working day."""
    dues = {1: "2023-07-07 17:00", 2: "2023-07-08 09:00", 3: "2023-07-10 16:00", 4: "2023-07-11 08:00"}
    world.say_national(
        "2023-07-07 18:30",
        *(national(_code(n), received="2023-07-03 08:00", due=due) for n, due in dues.items()),
        national(
            _code(5),
            received="2023-07-03 09:00",
            due="2023-07-10 16:00",
            status=5,
            supplements=[("2023-07-05 09:00", "", "2023-07-10 16:00", "")],
        ),
        national(_code(6), received="2023-06-01 08:00", due="2023-06-15 08:00"),
    )
    world.run()
    figures = read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 7)))
    sections = figures.sections
    assert sections.next_working_day == date(2023, 7, 10)
    assert [row["dossier_code"] for row in sections.due_next] == [_code(2), _code(3)]
    assert [row["dossier_code"] for row in sections.oldest] == [_code(n) for n in (6, 1, 2, 3, 4, 5)]
    assert [row["is_overdue"] for row in sections.oldest] == [True, *[False] * 5]
    # from Thursday 1 June to Friday 7 July
    assert sections.oldest[0]["working_days_open"] == 26
    assert len(sections.oldest) == sum(row["pending_total"] for row in figures.form)


def test_long_lists_keep_enough_for_every_choice(world: World) -> None:
    """Of many dossiers of one unit and sector the first of all; of another unit still its own first ones."""
    many = [
        national(_code(n), received=f"2023-07-03 08:{n // 60:02}:{n % 60:02}", due="2023-07-20")
        for n in range(MOST_OTHERS + 30)
    ]
    last = [
        national(
            _code(900 + n), received=f"2023-07-05 09:00:{n:02}", DonViXuLy="UBND xã An Cư", due="2023-07-20"
        )
        for n in range(Limits.for_cells(2, 2).of_cell + 9)
    ]
    world.say_national("2023-07-07 18:30", *many, *last)
    world.run()
    figures = read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 7)))
    listing = listings(figures)["oldest"]
    assert listing.total == len(many) + len(last)
    assert [row[0] for row in listing.first] == [_code(n) for n in range(MOST_OTHERS)]
    of_last = [cells[0] for _, _, cells in listing.rows if cells[0] >= _code(900)]
    kept = figures.sections.limits.of_cell
    assert of_last == [_code(900 + n) for n in range(kept)] and kept < len(last)
    assert sorted(listing.totals.values()) == sorted([len(many), len(last)])


def test_in_english_everything_but_official_words_is_english(world: World) -> None:
    world.say_national("2023-07-07 18:30", national(received="2023-07-03 08:00", due="2023-07-04 17:00"))
    world.run()
    figures = read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 20), lang=ENGLISH))
    page = render_page(figures, "x.xlsx")
    assert '<html lang="en">' in page
    for words in ("Oldest open dossiers", "form II.06a", "20 Jul 2023", "rule set ii06", "Early</small>"):
        assert words in page
    said = texts(ENGLISH)
    assert said["overdue"]["stock"] in page and texts("vi")["overdue"]["stock"] not in page


def test_in_english_statuses_have_their_english_names(world: World) -> None:
    """Wherever a status is named: lists of open dossiers, stages, and changes that need a look."""
    codes = [_code(n) for n in range(LEAST_STAGE)]
    world.say_national(
        "2023-07-07 18:30",
        *(national(code, received="2023-07-03 08:00", due="2023-07-10 17:00", status=4) for code in codes),
    )
    world.say_steps(
        "2023-07-07 19:00", *(step(code, status=4, processed="2023-07-03 09:00") for code in codes)
    )
    world.run()
    request = replace(_JULY, date_to=date(2023, 7, 7))
    vietnamese, english = (
        listings(read_figures(world.engine, replace(request, lang=lang))) for lang in ("vi", "en")
    )
    for name in ("oldest", "due_next", "stages"):
        assert any("Đang xử lý" in row for row in vietnamese[name].first), name
        assert any("Being processed" in row for row in english[name].first), name
    change = EditedRow(
        dossier_code=codes[0], unit_no=1, sector_no=1, unit_code="30511", unit_name="Phường Thới Sơn", source="dvcqg",
        kind="finished_then_open", old_value=None, new_value=None, old_status_vi="Đã xử lý xong", old_status_en="Processed",
        new_status_vi=None, new_status_en=None, last_seen_before=None, first_seen_at=None, file=None, row_number=None,
    )  # fmt: skip
    for lang, before in (("vi", "Đã xử lý xong"), ("en", "Processed")):
        assert (edited_before(change, lang), edited_after(change, lang)) == (before, "–")


def test_what_is_due_soon_is_listed_only_on_the_day_of_the_estimate_and_while_it_is_kept(
    world: World,
) -> None:
    world.say_national(
        "2023-07-31 18:30",
        *(national(_code(n), received="2023-07-28 09:00", due="2023-08-02 16:00") for n in (1, 2)),
    )
    world.run()
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into mart.due_soon (dossier_code, unit_code, unit_valid_from, unit_name, procedure_code, due_at,"
                " working_days_left, probability, place, as_of) select dossier_code, unit_code, unit_valid_from,"
                " 'Phường Thới Sơn', procedure_code, due_at, 2, case when dossier_code = :likely then 0.25 else 0.04"
                " end, 1, '2023-07-31' from core.fct_dossier"
            ),
            {"likely": _code(2)},
        )
        connection.execute(
            text(
                "insert into ops.due_soon_model (trained_through, fitted, is_kept, lists, precision_model,"
                " precision_plain, calibration_error, reason_vi) values ('2023-07-28', '{}', true, 470, 0.106, 0.052,"
                " 0.01, 'thử')"
            )
        )
    figures = read_figures(world.engine, _JULY)
    assert [cells[:1] + cells[2:] for cells in listings(figures)["due_soon"].first] == [
        [_code(2), "2", "Phường Thới Sơn", "25,0%"],
        [_code(1), "2", "Phường Thới Sơn", "4,0%"],
    ]
    page = render_page(figures, "x.xlsx")
    assert "10,6% đã quá hạn khi xếp như ở đây, 5,2% khi xếp theo số ngày còn lại (470 danh sách)" in page

    earlier = read_figures(world.engine, replace(_JULY, date_to=date(2023, 7, 30)))
    past = read_figures(world.engine, replace(_JULY, known_at=datetime(2023, 7, 31, 23, tzinfo=_HERE)))
    for other in (earlier, past):
        assert not listings(other)["due_soon"].rows
    with world.engine.begin() as connection:
        connection.execute(text("update ops.due_soon_model set is_kept = false"))
        connection.execute(text("update mart.due_soon set probability = null"))
    assert "sap-qua-han" not in render_page(read_figures(world.engine, _JULY), "x.xlsx")


def test_changes_stand_with_their_base_rate_and_the_innocent_explanation_first(world: World) -> None:
    """Of four dossiers of a ward one has its day of reception moved; one of another ward does not."""
    dates = {"received": "2023-07-03 08:00", "due": "2023-07-20 17:00"}
    others = [national(_code(n), **dates) for n in (2, 3, 4)]
    elsewhere = national("000.26.34.H01-230703-0001", **dates, DonViXuLy="UBND phường Nhơn Hưng")
    world.say_national("2023-07-07 18:30", national(_code(1), **dates), *others, elsewhere)
    moved = dates | {"received": "2023-07-04 08:00"}
    world.say_national("2023-07-08 18:30", national(_code(1), **moved), *others, elsewhere)
    world.run()
    figures = read_figures(world.engine, _JULY)
    assert [row["kind"] for row in figures.edited] == ["received_moved"] and figures.edited_of_all is None
    page = render_page(figures, "x.xlsx")
    assert 'data-value="edited.times/base.received‰">200,0<' in page
    section = page[page.index('<h2 id="can-kiem-tra">') :]
    (row,) = re.findall(r'<th scope="row">Phường Thới Sơn</th><td class="n">4</td>(.*?)</tr>', section)
    assert row == '<td class="n">1</td><td class="n">250,0</td>'
    assert section.index("lý do chính đáng") < section.index("data-value")
    (point,) = [one for one in shortcomings(figures, FormWords("vi")) if one["name"] == "edited"]
    assert (
        "Sửa thường có lý do chính đáng (sửa lỗi nhập, gia hạn có văn bản, đồng bộ lại); cần kiểm tra 1 thay đổi sau thời "
        "điểm đã báo cáo (200,0 trên 1.000 hồ sơ đã tiếp nhận): " in point["text"]
    )

    (code,) = world.ask("select unit_code from core.fct_dossier where dossier_code = :code", code=_code(1))[0]
    of_ward = read_figures(world.engine, replace(_JULY, units=(code,)))
    assert of_ward.edited_of_all == {"received": 5, "edits": 1}
    assert "của mọi đơn vị trong kho: 200,0" in render_page(of_ward, "x.xlsx")


def test_what_a_portal_says_later_than_the_other_is_its_delay_and_no_edit(world: World) -> None:
    """The province says on Thursday that it ended on Thursday; the national copy shows it open on Friday still."""
    code = _code(1)
    first, ended = {"received": "2023-07-17 09:00", "due": "2023-07-24 09:00"}, "2023-07-20 10:00"
    world.say_national("2023-07-17 18:30", national(code, **first))
    world.say_provincial("2023-07-20 18:30", provincial(code, **first, status=4, ended=ended))
    world.say_national("2023-07-21 18:30", national(code, **first))
    world.say_national("2023-07-22 18:30", national(code, **first, status=10, ended=ended))
    world.run()
    figures = read_figures(world.engine, _JULY)
    assert figures.edited == []
    assert figures.delays == [{"source": "dvcqg", "delays": 1, "dossiers": 1, "median_hours": 48}]
    assert world.ask("select dossier_code, source, stated_by, unit_name, length from mart.portal_delay") == [
        (code, "dvcqg", "igate", "Phường Thới Sơn", timedelta(hours=48))
    ]
    page = render_page(figures, "x.xlsx")
    assert texts("vi")["delays"]["title"] in page
    (sheet,) = [one for one in lists(figures, FormWords("vi")) if one.sheet == "lists.edited_sheet"]
    assert sheet.note.endswith(
        "vì nguồn khác đã ghi trước: Cổng Dịch vụ công quốc gia 1 lần, 1 hồ sơ (1.000,0 trên 1.000 hồ sơ "
        "đã tiếp nhận), một nửa trễ không quá 48 giờ."
    )
    before = replace(_JULY, known_at=datetime(2023, 7, 21, 23, tzinfo=_HERE))
    assert read_figures(world.engine, before).delays == []
