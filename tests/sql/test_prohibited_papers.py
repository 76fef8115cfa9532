"""Papers that may not be asked for any more, by month of reception, unit and procedure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.worlds import SAMPLES, World, national, provincial


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


def with_papers(number: int, received: str, *titles: str) -> dict[str, Any]:
    papers = [{"TenTepDinhKem": title} for title in titles]
    return national(f"000.26.33.H01-230717-{number:04d}", received=received, TaiLieuNop=papers)


def test_they_are_counted_by_month_unit_and_procedure(world: World) -> None:
    world.say_national(
        "2023-08-04 18:30",
        with_papers(1, "2023-07-31 16:00", "Tờ khai", "Sổ hộ khẩu"),
        with_papers(2, "2023-07-17 09:00", "So ho khau.pdf", "CCCD (bản sao)"),
        with_papers(3, "2023-07-17 09:00", "Tờ khai thay đổi thông tin hộ khẩu"),
        with_papers(4, "2023-08-01 08:00", "photo CMND"),
        national("000.26.33.H01-230717-0005", status=1, received="", TaiLieuNop=[{"TenTepDinhKem": "SHK"}]),
    )
    world.say_provincial(
        "2023-08-04 18:30", provincial("000.26.33.H01-230717-0006", received="2023-08-02 08:00")
    )
    world.run()
    rows = world.ask(
        "select month::text, unit_code, procedure_name, received, with_household_book, with_identity_copy,"
        " with_either, round(share, 3)::float from mart.prohibited_paper order by month"
    )
    assert rows == [
        ("2023-07-01", "30517", "Đăng ký khai sinh", 3, 2, 1, 2, 0.667),
        ("2023-08-01", "30517", "Đăng ký khai sinh", 2, 0, 1, 1, 0.5),
    ]


@pytest.mark.parametrize("name", ["tinh_bien_2023_07", "tinh_bien_2023_02_csv"])
def test_the_samples_household_books_are_all_there(name: str, world: World) -> None:
    shutil.copytree(SAMPLES / name / "landing", world.landing, dirs_exist_ok=True)
    world.run()
    expected = json.loads((SAMPLES / name / "expected.json").read_text(encoding="utf-8"))["household_book"]
    assert world.ask("select sum(with_household_book)::int from mart.prohibited_paper") == [(expected,)]
