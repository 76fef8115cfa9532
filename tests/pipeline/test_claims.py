"""Claimed beside recomputed: the seed's question, and the search for the definition behind a number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from assets.reports.claims.claim_search import other_periods
from assets.reports.claims.claims_file import read_claims
from assets.reports.reading.figures import Request
from assets.reports.reading.read import read_figures
from assets.reports.words.claim_texts import ClaimTexts, claim_texts
from tests.worlds import SAMPLES, World, national, provincial

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_SAMPLE = SAMPLES / "tinh_bien_2023_02_csv"
_EXPECTED: dict[str, Any] = json.loads((_SAMPLE / "expected.json").read_text(encoding="utf-8"))
_FROM, _TO = (date.fromisoformat(day) for day in _EXPECTED["period"])
_WHOLE = Request(_FROM, _TO, units=("890",))
_JULY = Request(date(2023, 7, 15), date(2023, 7, 31))


def _compared(world: World, request: Request, *claims: Mapping[str, object]) -> ClaimTexts:
    content = json.dumps(
        [{name: str(value) for name, value in claim.items()} for claim in claims], ensure_ascii=False
    )
    return claim_texts(read_figures(world.engine, request, read_claims(content.encode(), "số liệu.yaml")))


def _only_row(world: World, request: Request, **claim: object) -> Mapping[str, Any]:
    (row,) = _compared(world, request, claim).rows
    return row


@pytest.mark.both_servers
def test_figures_of_the_sentence_and_of_the_form_are_recomputed(sample: World) -> None:
    line = read_figures(sample.engine, _WHOLE).line
    names = {
        "tiếp nhận trực tiếp": "received",
        "đã giải quyết": "resolved",
        "trước và đúng hạn": "early_or_on_time",
        "quá hạn": "late",
        "đang giải quyết quá hạn": "overdue_open",
    }
    total = _EXPECTED["ii06_total"]
    columns = (
        *("received_total", "received_online", "received_direct_postal", "carried_over", "resolved_total"),
        *("resolved_early", "resolved_on_time", "resolved_late", "pending_total", "pending_in_time"),
        "pending_overdue",
    )
    asked = [(name, line[figure]) for name, figure in names.items()]
    asked += [(f"cột {place}", total[figure]) for place, figure in enumerate(columns, start=1)]
    actual = _compared(sample, _WHOLE, *({"figure": name, "value": value} for name, value in asked))
    assert [(row["claim"], row["recomputed"], row["difference"]) for row in actual.rows] == [
        (name, value, 0) for name, value in asked
    ]
    assert all(row["definition_vi"].startswith("Đúng như tính lại: ") for row in actual.rows)
    assert {row["unit_name"] for row in actual.rows} == {"Thị xã Tịnh Biên"}


def test_the_seeds_question_open_and_overdue_called_overdue(sample: World) -> None:
    line = read_figures(sample.engine, _WHOLE).line
    assert line["late"] != line["overdue_open"]
    actual = _compared(
        sample,
        _WHOLE,
        {"figure": "đã giải quyết", "value": line["resolved"]},
        {"figure": "trước và đúng hạn", "value": line["early_or_on_time"]},
        {"figure": "hồ sơ quá hạn", "value": line["overdue_open"]},
        {"figure": "tỷ lệ", "value": f"{100 * line['resolved'] / line['received']:.1f} %"},
    )
    row = actual.rows[2]
    assert (row["claimed"], row["recomputed"]) == (line["overdue_open"], line["late"])
    assert row["difference"] == line["overdue_open"] - line["late"]
    assert row["definition_vi"].startswith("Đang giải quyết quá hạn cuối ngày ")
    assert (
        "bộ quy tắc ii06" in row["definition_vi"] and f"đúng {line['overdue_open']}." in row["definition_vi"]
    )
    left = f"{line['resolved']:,} − {line['early_or_on_time']:,} = {line['late']:,}".replace(",", ".")
    assert any(shown.startswith(f"{left}, không phải {line['overdue_open']}") for shown in actual.checks)
    assert actual.rows[3]["difference"] == 0
    assert actual.rows[3]["recomputed_text"].endswith("%")
    assert claim_texts(read_figures(sample.engine, _WHOLE)).rows == ()


def test_claims_speak_of_units_by_code_or_name_and_of_periods_of_their_own(sample: World) -> None:
    (code, name), *_ = sample.ask(
        "select u.unit_code, u.unit_name from core.dim_unit as u inner join core.fct_dossier as f"
        " on u.unit_code = f.unit_code and u.valid_from = f.unit_valid_from where u.level = 'commune'"
        " group by 1, 2 order by count(*) desc, 1 limit 1"
    )
    form = {row["unit_code"]: row for row in read_figures(sample.engine, _WHOLE).form}
    half = sample.form("2023-02-01", "2023-02-10")
    actual = _compared(
        sample,
        _WHOLE,
        {"figure": "cột 5", "value": 1, "unit": code},
        {"figure": "cột 5", "value": 1, "unit": name},
        {"figure": "cột 5", "value": 1, "unit": f"UBND {name}", "from": "01/02/2023", "to": "10/02/2023"},
        {"figure": "cột 5", "value": 1, "unit": "Xã Không Đâu"},
        {"figure": "cột 5", "value": 1, "from": "2023-03-01"},
    )
    assert [(row["unit_name"], row["recomputed"]) for row in actual.rows] == [
        (name, form[code]["resolved_total"]),
        (name, form[code]["resolved_total"]),
        (name, half[f"{code}@2024"]["resolved_total"]),
    ]
    assert [problem[: len("số liệu.yaml: mục 4")] for problem in actual.problems] == [
        "số liệu.yaml: mục 4",
        "số liệu.yaml: mục 5",
    ]
    assert "“Xã Không Đâu”" in actual.problems[0]


def _codes(count: int, first: int = 1) -> Sequence[str]:
    return [f"000.26.33.H01-230717-{n:04}" for n in range(first, first + count)]


def test_a_cut_off_a_day_off_is_found(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    done = _codes(7)
    world.say_national("2023-07-17 18:30", *(national(code) for code in done))
    world.say_national(
        "2023-08-02 18:30",
        *(
            national(code, status=10, ended=f"2023-{'07-31' if n < 4 else '08-01'} 10:00")
            for n, code in enumerate(done)
        ),
    )
    world.run()
    row = _only_row(world, _JULY, figure="quá hạn", value=7)
    assert (row["recomputed"], row["difference"]) == (4, 3)
    assert "Đã giải quyết quá hạn, từ 15/07/2023 đến 01/08/2023" in row["definition_vi"]


def test_another_rule_set_is_found_and_those_that_are_computed_too(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    # on the due date but after its hour: on time by the day, late by the instant
    late, hours = _codes(2), _codes(5, 11)
    world.say_national("2023-07-17 18:30", *(national(code) for code in (*late, *hours)))
    world.say_national(
        "2023-07-20 18:30",
        *(national(code, status=10, ended="2023-07-20 10:00") for code in late),
        *(national(code, status=10, ended="2023-07-18 16:00") for code in hours),
    )
    world.run()
    row = _only_row(world, _JULY, figure="quá hạn", value=7)
    assert row["recomputed"] == 2
    assert "bộ quy tắc opencps" in row["definition_vi"] or "bộ quy tắc qd766" in row["definition_vi"]
    early = _only_row(world, _JULY, figure="trước hạn", value=1)
    assert early["definition_vi"].startswith("Không định nghĩa nào đã biết cho số này; gần nhất: ")
    assert "(lệch 1)" in early["definition_vi"]


def test_the_hand_over_taken_for_the_end_is_found(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    codes = _codes(6)
    world.say_national("2023-07-17 18:30", *(national(code) for code in codes))
    world.say_national(
        "2023-07-25 18:30",
        *(
            national(code, status=10, ended="2023-07-18 08:00", returned="2023-07-24 08:00")
            for code in codes[:5]
        ),
    )
    world.run()
    row = _only_row(world, _JULY, figure="giải quyết quá hạn", value=5)
    assert row["recomputed"] == 0
    assert "theo ngày trả kết quả" in row["definition_vi"]


def test_other_channels_are_found_and_parts_of_a_unit(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    codes = _codes(11)
    world.say_national(
        "2023-07-17 18:30",
        *(national(code, KenhThucHien="2") for code in codes[:3]),
        *(national(code, DonViXuLy="UBND thị xã Tịnh Biên") for code in codes[3:5]),
        *(national(code) for code in codes[5:]),
    )
    world.run()
    request = replace(_JULY, units=("890",))
    assert _only_row(world, request, figure="tiếp nhận", value=8)["difference"] == 0
    everyone = _only_row(world, request, figure="tiếp nhận", value=11)["definition_vi"]
    assert "mọi kênh" in everyone
    desk = _only_row(world, request, figure="tiếp nhận", value=2)["definition_vi"]
    assert "riêng đơn vị được nêu" in desk
    parts = _only_row(world, request, figure="tiếp nhận", value=6)["definition_vi"]
    assert "chỉ các đơn vị trực thuộc" in parts
    share = _only_row(world, request, figure="tỷ lệ trực tuyến", value="27,3 %")
    assert (share["recomputed_text"], share["difference_text"]) == ("27,3%", "0,0 điểm\u00a0%")


def test_what_arrived_since_is_found_when_the_report_is_of_a_past_moment(
    warehouse: Engine, tmp_path: Path
) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:00", *(provincial(code) for code in _codes(3)))
    world.run()
    world.say_provincial("2023-07-20 18:00", *(provincial(code) for code in _codes(2, 11)))
    world.run()
    known_at = datetime(2023, 7, 18, tzinfo=_HERE)
    row = _only_row(world, replace(_JULY, known_at=known_at), figure="tiếp nhận", value=5)
    assert (row["recomputed"], row["difference"]) == (3, 2)
    assert "theo mọi tệp đã nhận đến nay" in row["definition_vi"]
    then = _only_row(world, replace(_JULY, known_at=known_at), figure="tiếp nhận", value=3)
    assert then["definition_vi"].startswith("Đúng như tính lại")


def test_claims_are_reported_in_english_too(sample: World) -> None:
    line = read_figures(sample.engine, _WHOLE).line
    row = _only_row(sample, replace(_WHOLE, lang="en"), figure="overdue", value=line["overdue_open"])
    assert row["definition_vi"].startswith("Open and overdue at the end of 17 Feb 2023")


def test_other_periods_are_those_that_reports_are_made_for() -> None:
    actual = {(start, end) for start, end, _ in other_periods(date(2022, 12, 15), date(2023, 8, 30), None)}
    assert (date(2022, 12, 15), date(2023, 8, 14)) in actual
    assert (date(2022, 12, 15), date(2023, 9, 14)) in actual
    assert (date(2023, 1, 1), date(2023, 8, 31)) in actual
    assert (date(2022, 12, 15), date(2023, 8, 29)) in actual
    assert (date(2022, 12, 15), date(2023, 8, 30)) not in actual
    covered = other_periods(date(2022, 12, 15), date(2023, 8, 30), date(2023, 8, 30))
    assert max(end for _, end, _ in covered) == date(2023, 8, 30)


def test_units_are_counted_with_what_they_were_before_the_reform(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    for day, names, first in (
        ("2025-06-17", ("Nhà Bàng", "Nhơn Hưng", "Tịnh Biên"), 1),
        ("2025-07-17", ("Thới Sơn", "Thới Sơn", "Tịnh Biên"), 11),
    ):
        world.say_national(
            f"{day} 18:30",
            *(
                national(
                    f"000.26.33.H01-25{day[5:7]}17-{first + n:04}",
                    received=f"{day} 09:00",
                    due=f"{day[:8]}28 09:00",
                    DonViXuLy=f"UBND phường {name}",
                )
                for n, name in enumerate(names)
            ),
        )
    world.run()
    request = Request(date(2025, 6, 15), date(2025, 7, 31), units=("30502",))
    named = {"figure": "cột 1", "unit": "Phường Thới Sơn"}
    alone = _only_row(world, request, **named, value=2)
    assert (alone["recomputed"], alone["difference"]) == (2, 0)
    whole = _only_row(world, request, **named, value=4)
    assert (whole["recomputed"], whole["difference"]) == (2, 2)
    assert "gồm cả đơn vị trước và sau 1/7/2025" in whole["definition_vi"]
    current = replace(request, unit_view="current")
    assert [row["received_total"] for row in read_figures(world.engine, current).form] == [4]
    assert _only_row(world, current, **named, value=4)["definition_vi"].startswith("Đúng như tính lại")
    former = _only_row(world, replace(current, units=("890",)), figure="cột 1", value=6)
    assert (former["recomputed"], former["difference"]) == (6, 0)
