"""Indicators of QĐ 766/QĐ-TTg and the ranking of units, on worlds counted by hand. Formulas: core.indicator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from assets.reports.statements.running import run_files
from tests.worlds import World, national, provincial
from warehouse_sql.sql_files import statements_of_file

pytestmark = pytest.mark.both_servers
_THOI_SON, _NHA_BANG = "30517", "30502"
_LINK = [{"TenGiayTo": "Trích lục", "DuongDanTepTinKetQua": "https://kho/1.pdf"}]


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def _code(number: int) -> str:
    return f"000.26.33.H01-230717-{number:04}"


def _fee(amount: int) -> list[dict[str, str]]:
    return [{"TenPhiLePhi": "Lệ phí", "Gia": str(amount)}]


def _dossier(number: int, online: bool = False, paid: int = 0, fee: int = 0, **values: Any) -> dict[str, Any]:
    """A dossier of which the national portal says all that indicators ask for."""
    flags = {
        "HoSoCoThanhPhanSoHoa": "1" if values.pop("digitised", False) else "0",
        "TaiKhoanDuocXacThucVoiVNeID": "1" if values.pop("identified", False) else "0",
        "DanhSachGiayToKetQua": _LINK if values.pop("result", False) else [],
        "KenhThucHien": "2" if online else "1",
        "DuocThanhToanTrucTuyen": str(paid),
        "DanhSachLePhi": _fee(fee),
    }
    return national(_code(number), **values) | flags


def _tell(world: World) -> None:
    """Phường Thới Sơn in July 2023, and one dossier of Nhà Bàng of which only the province tells.

    # | received | due   | ended            | online | paid | fee   | digitised | VNeID | result
    1 | 17/7     | 18/7  | 17/7 21:00 (½ d) | yes    | 1    | 10000 | yes       | yes   | yes    early
    2 | 17/7     | 20/7  | 19/7  9:00 (2 d) | yes    | 0    | 20000 | yes       | no    | no     early
    3 | 17/7     | 18/7  | 20/7  9:00 (3 d) | no     | 3    | 30000 | no        | yes   | yes    late
    4 | 17/7     | 30/9  | open             | no     | 0    | 0     | no        | no    | no     in time
    5 | 20/6     | 31/7  |  5/7  9:00 (15 d)| yes    | 1    | 5000  | yes       | yes   | yes    early, carried over
    6 | 17/7     | 30/9  | open             | no     | what the province does not say
    """
    world.say_national(
        "2023-07-31 18:30",
        _dossier(1, True, 1, 10000, digitised=True, identified=True, result=True, status=9,
                 ended="2023-07-17 21:00"),
        _dossier(2, True, 0, 20000, digitised=True, status=9, due="2023-07-20 09:00",
                 ended="2023-07-19 09:00"),
        _dossier(3, False, 3, 30000, identified=True, result=True, status=9, ended="2023-07-20 09:00"),
        _dossier(4, due="2023-09-30 09:00"),
        _dossier(5, True, 1, 5000, digitised=True, identified=True, result=True, status=9,
                 received="2023-06-20 09:00", due="2023-07-31 09:00", ended="2023-07-05 09:00"),
    )  # fmt: skip
    world.say_provincial(
        "2023-07-31 18:31", provincial(_code(6), unit_name="UBND phường Nhà Bàng", due="2023-09-30 09:00")
    )
    world.run()


def _indicators(
    world: World, unit: str = _THOI_SON, end: str = "2023-07-31", **options: Any
) -> dict[str, Any]:
    """code -> (numerator, denominator, ratio, score) of July 2023 up to a day."""
    return {code: tuple(row[name] for name in ("numerator", "denominator", "ratio", "score"))
            for code, row in _rows(world, unit, end, **options).items()}  # fmt: skip


def _rows(world: World, unit: str = _THOI_SON, end: str = "2023-07-31", **options: Any) -> dict[str, Any]:
    arguments = "".join(f", {name} => :{name}" for name in options)
    with world.engine.connect() as connection:
        rows = connection.execute(
            text(
                f"select * from mart.indicator_qd766('2023-07-01', :end{arguments}) where unit_code = :unit"
            ),
            {"end": end, "unit": unit} | options,
        ).mappings()
        return {row["indicator"]: row for row in rows}


def test_every_formula(world: World) -> None:
    _tell(world)
    d = Decimal
    assert _indicators(world) == {
        # in time: ended 1, 2, 5 and open 4, of 1 to 5; 0,8 × 20
        "2.1": (4, 5, d("0.8"), 16),
        # ½ + 2 + 3 + 15 days of 1, 2, 3, 5
        "2.2": (d("20.5"), 4, d("5.125"), None),
        # 1, 2 of 1 to 4; the target of 50 % is reached
        "3.3": (2, 4, d("0.5"), 6),
        # 1 (3 paid some other way) of 1, 2, 3: 4 had nothing to pay; 6 / 3
        "3.6": (1, 3, d("0.333333"), 2),
        # 1, 3, 5 of 1, 2, 3, 5
        "4.1": (3, 4, d("0.75"), d("4.5")),
        # 1, 5 of 1, 2, 3, 5; linear: 0,5 × 4, though the target is 80 %
        "4.2": (2, 4, d("0.5"), 2),
        # 1, 2 of 1 to 4; 0,5 × 2 / 0,8
        "4.3": (2, 4, d("0.5"), d("1.25")),
        # 1, 3 of 1 to 4
        "4.5b": (2, 4, d("0.5"), 1),
    }


def test_all_units_together(world: World) -> None:
    """Dossier 6 adds itself to 2.1 and 3.3; of the rest it is not known, and so left out."""
    _tell(world)
    actual = _rows(world, "all", of_all=True)
    assert {row["unit_name"] for row in actual.values()} == {"Tất cả đơn vị"}
    assert {row["valid_from"] for row in actual.values()} == {None}
    counts = {
        code: (row["numerator"], row["denominator"], row["unknown_count"]) for code, row in actual.items()
    }
    assert counts == {
        "2.1": (5, 6, 0),
        "2.2": (Decimal("20.5"), 4, 0),
        "3.3": (2, 5, 0),
        "3.6": (1, 3, 1),
        "4.1": (3, 4, 0),
        "4.2": (2, 4, 0),
        "4.3": (2, 4, 1),
        "4.5b": (2, 4, 1),
    }
    assert actual["3.3"]["score"] == Decimal("4.80")  # 0,4 × 6 / 0,5
    assert "Nguồn không cho biết số hóa của 1 hồ sơ" in actual["4.3"]["reason_vi"]


def test_the_reason_is_had_in_both_languages(world: World) -> None:
    """Sentence by sentence the same, of what is left out, of what is not scored, and of what is approximated."""
    _tell(world)
    of_all, bare = _rows(world, "all", of_all=True), _rows(world, _NHA_BANG)
    assert of_all["2.1"]["reason_en"] is None
    assert of_all["2.2"]["reason_en"] == "Shown only, not scored."
    assert of_all["4.3"]["reason_en"] == (
        "No source says the digitised papers of 1 dossier: left out."
        " The warehouse does not keep DuocSoHoa of each paper: only HoSoCoThanhPhanSoHoa is counted."
    )
    assert bare["4.3"]["reason_en"] == "No source says the digitised papers of any dossier."
    assert bare["4.1"]["reason_en"].startswith("No dossier of the period belongs to the denominator.")
    assert "no electronic result is asked for" in of_all["3.3"]["reason_en"]


def test_units_that_are_chosen_are_one_together(world: World) -> None:
    """What is left out of two units is counted for both together; of no unit there is nothing, and the reason states that."""
    _tell(world)
    keys = [
        key
        for (key,) in world.ask(
            "select unit_key from core.dim_unit where unit_code in ('30517', '30502') and valid_from = '1900-01-01' order by 1"
        )
    ]
    assert len(keys) == 2
    both = _rows(world, "all", of_all=True, unit_keys=keys)
    assert both == _rows(world, "all", of_all=True)
    own = _rows(world, "all", of_all=True, unit_keys=keys[:1])
    other = _rows(world, "all", of_all=True, unit_keys=keys[1:])
    for code, row in both.items():
        for name in ("denominator", "unknown_count"):
            assert (row[name] or 0) == (own[code][name] or 0) + (other[code][name] or 0), (code, name)
    assert _rows(world, _THOI_SON, unit_keys=keys[:1]) == {}
    assert {row["denominator"] for row in _rows(world, "all", of_all=True, unit_keys=[]).values()} == {0}


def test_what_no_source_says_is_no_nought(world: World) -> None:
    _tell(world)
    actual = _rows(world, _NHA_BANG)
    for code in ("3.6", "4.3", "4.5b"):
        row = actual[code]
        assert [row[name] for name in ("numerator", "denominator", "ratio", "score")] == [None] * 4, code
        assert row["unknown_count"] == 1
        assert row["reason_vi"].startswith("Nguồn không cho biết "), code
    # nothing finished: a denominator of 0 is known
    for code in ("2.2", "4.1", "4.2"):
        row = actual[code]
        assert [row[name] for name in ("numerator", "denominator", "ratio", "score")] == [0, 0, None, None], (
            code
        )
        assert row["reason_vi"].startswith("Trong kỳ không có hồ sơ nào thuộc mẫu số."), code
    # an unknown channel is direct: known, and none of it online
    assert [actual["3.3"][name] for name in ("numerator", "denominator", "score")] == [0, 1, 0]


def test_what_is_approximate_says_so(world: World) -> None:
    _tell(world)
    actual = _rows(world)
    assert {code for code, row in actual.items() if not row["is_approximate"]} == {"2.1", "2.2"}
    for code, row in actual.items():
        assert (row["reason_vi"] is None) == (code == "2.1"), code
    assert actual["2.2"]["reason_vi"] == "Chỉ hiển thị, không chấm điểm."
    assert "tỷ lệ đồng bộ" in actual["3.3"]["reason_vi"]
    assert "thành phần" in actual["4.2"]["reason_vi"]


def test_what_the_catalogue_says_of_fees_and_papers(world: World) -> None:
    """The procedure bears fees and gives a paper: of the online ones only those with an electronic result count."""
    _tell(world)
    world.say_national(
        "2023-07-31 18:32",
        # a procedure of which the catalogue says: free, and no paper
        _dossier(7, True, 0, 90000, MaTTHC="2.000815.000.00.00.H01", TenTTHC="Chứng thực bản sao",
                 status=9, ended="2023-07-18 08:00"),
    )  # fmt: skip
    world.run()
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "update core.dim_procedure set is_fee_bearing = procedure_code = '1.001193',"
                " gives_paper_result = procedure_code = '1.001193'"
            )
        )
    actual = _rows(world)
    counts = {
        code: (actual[code]["numerator"], actual[code]["denominator"]) for code in ("3.3", "3.6", "4.1")
    }
    assert counts == {
        "3.3": (2, 5),  # 1 has a result, 2 has none, 7 needs none; of 1, 2, 3, 4, 7
        "3.6": (1, 3),  # 7 counts for nothing, whatever its list of fees says
        "4.1": (3, 4),  # 7 gives no paper
    }
    assert actual["3.6"]["is_approximate"] is False and actual["3.6"]["reason_vi"] is None
    assert "Danh mục" not in actual["3.3"]["reason_vi"] + actual["4.1"]["reason_vi"]


def test_paid_online_without_a_list_of_fees(world: World) -> None:
    """Paid: it bore a fee. Not paid: whether it bore one is not known, and it is left out."""
    bare = {"DanhSachLePhi": None}
    world.say_national("2023-07-31 18:30", _dossier(1, paid=2) | bare, _dossier(2, paid=0) | bare)
    world.run()
    row = _rows(world)["3.6"]
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (1, 1, 1)
    assert row["is_approximate"] is True


def test_the_time_that_was_waited_for_a_supplement_is_none_of_processing(world: World) -> None:
    """17/7 9:00 to 24/7 9:00 are 7 days, 2 of them waiting."""
    windows = [("2023-07-18 09:00", "2023-07-20 09:00", "2023-07-26 09:00", "2023-07-28 09:00")]
    world.say_national(
        "2023-07-31 18:30",
        national(status=9, ended="2023-07-24 09:00", due="2023-07-28 09:00", supplements=windows),
    )
    world.run()
    assert _indicators(world)["2.2"] == (5, 1, 5, None)


def test_a_past_period_stays_what_it_was(world: World) -> None:
    """Finished on 18/7 and taken up again on 10/8: finished at the end of July, open at the end of August."""
    world.say_national("2023-07-20 18:30", _dossier(1, result=True, status=9, ended="2023-07-18 09:00"))
    world.run()
    before = _indicators(world)
    assert before["4.1"][:2] == (1, 1)
    world.say_national("2023-08-10 18:30", _dossier(1, result=True, status=4, due="2023-09-30 09:00"))
    world.run()
    assert _indicators(world) == before
    assert _indicators(world, end="2023-08-31")["4.1"][:2] == (0, 0)


def test_as_known_then(world: World) -> None:
    world.say_national("2023-07-20 18:30", _dossier(1), _dossier(2), _dossier(3), _dossier(4))
    world.run()
    before = _indicators(world)
    world.say_national(
        "2023-07-31 18:30",
        _dossier(1, True, 1, 10000, digitised=True, result=True, status=9, ended="2023-07-17 21:00"),
    )
    world.run()
    assert _indicators(world) != before
    assert _indicators(world, known_at="2023-07-25 00:00+07") == before


def test_no_total_stands_among_its_parts(world: World) -> None:
    _tell(world)
    units = world.ask(
        "select distinct unit_code from mart.indicator_qd766('2023-07-01', '2023-07-31') order by 1"
    )
    assert units == [("30502",), (_THOI_SON,)]
    assert world.ask("select count(*) from mart.unit_measure(array['3.6'], '2023-07-01', '2023-07-31')") == [
        (2,)
    ]


def test_the_report_counts_payment_digitisation_and_results_as_the_indicators_do(world: World) -> None:
    """Dossier 5, received before the period and finished in it, is in the results of both, and in nothing else of the report."""
    _tell(world)
    period = {
        "date_from": date(2023, 7, 1),
        "date_to": date(2023, 7, 31),
        "known_at": "infinity",
        "units": None,
    }
    with world.engine.connect() as connection:
        run_files(connection, ("report/unit.sql", "report/sector.sql"), period)
        (statement,) = statements_of_file("report/received.sql")
        cells = list(connection.execute(text(statement), period).mappings())
        connection.rollback()
    counted = {
        name: sum(cell[name] for cell in cells)
        for name in cells[0]
        if name not in ("unit_no", "sector_no", "month")
    }
    indicators = _rows(world, "all", of_all=True)
    for code, numerator, denominator in (
        ("3.6", "paid_online", "payment_stated"),
        ("4.1", "electronic_result", "result_stated"),
        ("4.3", "digitised", "digitised_stated"),
        ("4.5b", "identified", "identified_stated"),
    ):
        row = indicators[code]
        assert (counted[numerator], counted[denominator]) == (row["numerator"], row["denominator"]), code
    assert counted["received"] == 5
    assert counted["result_stated"] == 4


def test_an_empty_period_says_why_there_is_nothing(world: World) -> None:
    world.run()
    actual = _rows(world, "all", of_all=True)
    assert len(actual) == 8
    assert {(row["ratio"], row["score"]) for row in actual.values()} == {(None, None)}
    assert all(row["reason_vi"].startswith("Trong kỳ không có hồ sơ") for row in actual.values())


def test_the_points_of_the_live_dashboard(world: World) -> None:
    """116 of 125 are 92,8 %: 3,712 points of 4 by 4.2, which knows no threshold, and all 2 by 4.3, which does."""
    world.say_national(
        "2023-07-31 18:30",
        *(
            _dossier(n, digitised=n <= 116, result=n <= 116, status=9, ended="2023-07-18 09:00")
            for n in range(1, 126)
        ),
    )
    world.run()
    actual = _indicators(world)
    assert actual["4.2"] == (116, 125, Decimal("0.928"), Decimal("3.71"))
    assert actual["4.3"] == (116, 125, Decimal("0.928"), 2)
    assert actual["2.1"] == (125, 125, 1, 20)


# Ranking


def _ranking(world: World, indicator: str) -> list[tuple[Any, ...]]:
    return world.ask(
        "select rank, unit_name, level, value, numerator, denominator"
        " from mart.unit_ranking(:indicator, '2023-07-01', '2023-07-31')",
        indicator=indicator,
    )


_UNITS = ("Nhà Bàng", "Chi Lăng", "Tịnh Biên", "Thới Sơn")


def _four_units(world: World) -> None:
    """Online: Nhà Bàng 1 of 2, Chi Lăng 2 of 2, Tịnh Biên 1 of 2, Thới Sơn none of 1. Finished: the first of Nhà Bàng
    after 1 day, of Chi Lăng after 3, both in time; the one of Tịnh Biên after 5, late."""
    shown = []
    number = 0
    for name, online in (("Nhà Bàng", 1), ("Chi Lăng", 2), ("Tịnh Biên", 1), ("Thới Sơn", 0)):
        for place in range(2 if name != "Thới Sơn" else 1):
            number += 1
            days = {"Nhà Bàng": 1, "Chi Lăng": 3, "Tịnh Biên": 5}.get(name) if place == 0 else None
            end = {"status": 9, "ended": f"2023-07-{17 + days} 09:00"} if days else {}
            shown.append(
                _dossier(number, online=place < online, due="2023-07-21 09:00",
                         DonViXuLy=f"UBND phường {name}", **end)
            )  # fmt: skip
    world.say_national("2023-07-31 18:30", *shown)
    world.run()


def test_the_best_first_and_ties_share_a_rank(world: World) -> None:
    _four_units(world)
    half = Decimal("0.5")
    assert _ranking(world, "3.3") == [
        (1, "Phường Chi Lăng", "commune", 1, 2, 2),
        (2, "Phường Nhà Bàng", "commune", half, 1, 2),
        (2, "Phường Tịnh Biên", "commune", half, 1, 2),
        (4, "Phường Thới Sơn", "commune", 0, 0, 1),
    ]


def test_of_days_the_fewest_are_best_and_nothing_to_measure_comes_last(world: World) -> None:
    _four_units(world)
    assert [(rank, name, value) for rank, name, _, value, *_ in _ranking(world, "2.2")] == [
        (1, "Phường Nhà Bàng", 1),
        (2, "Phường Chi Lăng", 3),
        (3, "Phường Tịnh Biên", 5),
        (None, "Phường Thới Sơn", None),
    ]


def test_by_the_share_on_time_of_a_rule_set(world: World) -> None:
    _four_units(world)
    assert [(rank, name, value, part, whole) for rank, name, _, value, part, whole in _ranking(world, "on_time:ii06")] == [
        (1, "Phường Nhà Bàng", 1, 1, 1),
        (1, "Phường Chi Lăng", 1, 1, 1),
        (3, "Phường Tịnh Biên", 0, 0, 1),
        (None, "Phường Thới Sơn", None, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["9.9", "", "on_time:x", "on_time"])
def test_an_unknown_indicator_is_refused_with_the_names_of_the_known(world: World, name: str) -> None:
    with pytest.raises(
        DBAPIError, match=f"Chỉ tiêu “{name}” không có; hiện có: 2.1, .*4.5b, on_time:ii06, "
    ) as error:
        _ranking(world, name)
    assert error.value.orig.sqlstate == "22023"  # type: ignore[union-attr]
