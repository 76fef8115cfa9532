"""Charts of reports: the font is shipped, so that they look alike on every machine."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from assets.drawing import fonts
from assets.drawing.svg import svg
from assets.reports.charts.pictures import overdue_picture, timeliness_picture
from assets.reports.page.draw import marks_of

_DRAW = """
import hashlib
from tests.unit.test_report_charts import drawn
print(hashlib.sha256(drawn()).hexdigest())
"""
_DRAW_SVG = """
from tests.unit.test_report_charts import drawn_svg
print(drawn_svg())
"""
_UNITS = ("Phường Nhơn Hưng", "Xã Vĩnh Trung", "Thị xã Tịnh Biên")


def drawn() -> bytes:
    """Returns both pictures of a small report."""
    from datetime import date

    form = [
        {"unit_code": str(n), "unit_name": name, "resolved_total": 200, "resolved_early": 100 + 7 * n, "resolved_on_time": 60}
        for n, name in enumerate(_UNITS)
    ]  # fmt: skip
    days = [
        {"date": date(2023, 7, n), "newly_overdue": n, "overdue_cleared": n // 2, "overdue_open": 10 * n}
        for n in range(1, 29)
    ]
    timely, overdue = timeliness_picture(form, "vi"), overdue_picture(days, "vi")  # type: ignore[arg-type]
    assert timely is not None and overdue is not None
    assert timely.png.startswith(b"\x89PNG") and "Phường Nhơn Hưng 80,0%" in timely.description
    return timely.png + overdue.png


def test_one_unit_is_compared_with_no_other() -> None:
    unit = {
        "unit_code": "1",
        "unit_name": "Xã An Cư",
        "resolved_total": 9,
        "resolved_early": 4,
        "resolved_on_time": 3,
    }
    assert timeliness_picture([unit], "vi") is None  # type: ignore[list-item]


def test_pictures_are_the_same_bytes_on_a_machine_without_fonts(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", encoding="utf-8")
    bare = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "XDG_DATA_HOME": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", _DRAW], env=bare, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == hashlib.sha256(drawn()).hexdigest()


def drawn_svg() -> str:
    """Returns a chart whose legend and titles are placed by how wide their words are."""
    import altair as alt

    values = [{"x": n, "y": n * n, "kind": name} for n in range(3) for name in _UNITS]
    return svg(alt.Chart(alt.Data(values=values)).mark_line().encode(x="x:Q", y="y:Q", color="kind:N"))


def test_charts_of_other_pages_name_the_font_and_are_the_same_text_on_a_machine_without_fonts(
    tmp_path: Path,
) -> None:
    picture = drawn_svg()
    assert set(re.findall(r'font-family="([^"]*)"', picture)) == {f"{fonts.FAMILY}, sans-serif"}
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", encoding="utf-8")
    bare = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "XDG_DATA_HOME": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", _DRAW_SVG], env=bare, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == picture.strip()


def test_the_font_is_small_and_its_licence_is_kept_with_it() -> None:
    assert "SIL Open Font License, Version 1.1" in (fonts.FOLDER / "BeVietnamPro.LICENSE.txt").read_text()
    assert len(fonts.font_faces()) < 150_000, "each page carries it"
    assert {file.suffix for file in fonts.FOLDER.iterdir()} == {".ttf", ".woff2", ".txt"}


def test_days_of_a_chart_are_told_from_months() -> None:
    year = [date(2022, 12, 15) + timedelta(days=n) for n in range(259)]
    assert [words for _, words in marks_of(year, "vi")] == ["01/01/23", "01/03/23", "01/05/23", "01/07/23"]
    assert [words for _, words in marks_of(year, "en")] == ["Jan 2023", "Mar 2023", "May 2023", "Jul 2023"]
    assert [words for _, words in marks_of(year[:12], "en")] == [
        *("15 Dec", "17 Dec", "19 Dec", "21 Dec", "23 Dec", "25 Dec")
    ]
