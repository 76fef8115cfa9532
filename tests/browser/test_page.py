"""Choices on the page give the warehouse's own figures; the page asks for nothing; all can read and print it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from assets.drawing.fonts import FAMILY
from assets.given.vietnamese import day, number, percent
from assets.reports.issue.write import PAGE, WORKBOOK
from assets.reports.page.lists import PRINTED_ROWS
from assets.reports.page.page import render_page
from assets.reports.reading.read import read_figures
from tests.browser.conftest import DESKTOP, FROM, MOST_PIXELS, MOST_SHEETS, PHONE, TO, Report

#: Events of one unit and sector (null: all), told apart by the procedure's sector on the day of reception.
_EVENT = """
with event as (
    select e.*, d.received_at
    from core.fct_dossier_event as e
    inner join core.fct_dossier as d on e.dossier_code = d.dossier_code
    inner join core.dim_unit as u on e.unit_key = u.unit_key
    inner join core.dossier_procedure as p on e.dossier_code = p.dossier_code
    where e.rule_sets & core.rule_set_bit('ii06') <> 0 and e.event_on <= :date_to
        and coalesce(u.unit_code = :unit, true) and coalesce(p.field_name = :sector, true)
)
"""
_FORM = (
    _EVENT
    + """
select
    sum(quantity) filter (where kind = 'received' and event_on >= :date_from and channel = 2) as online,
    sum(quantity) filter (where kind = 'received' and event_on >= :date_from and channel <> 2) as direct,
    sum(case when kind = 'received' then quantity when kind like 'resolved%' then -quantity end)
        filter (where event_on < :date_from)
        as carried,
    sum(quantity) filter (where kind = 'resolved_early' and event_on >= :date_from) as early,
    sum(quantity) filter (where kind = 'resolved_on_time' and event_on >= :date_from) as on_time,
    sum(quantity) filter (where kind = 'resolved_late' and event_on >= :date_from) as late,
    sum(case kind when 'became_overdue' then quantity when 'overdue_cleared' then -quantity end) as overdue
from event
"""
)
_LINE = (
    _EVENT
    + """
select
    sum(quantity) filter (where kind = 'received') as received,
    sum(quantity) filter (where kind like 'resolved%') as resolved,
    sum(quantity) filter (where kind in ('resolved_early', 'resolved_on_time')) as timely,
    sum(quantity) filter (where kind = 'resolved_late') as late,
    sum(case kind when 'became_overdue' then quantity when 'overdue_cleared' then -quantity end) as overdue
from event
where channel = 1 and received_at >= :date_from and received_at < cast(:date_to as date) + 1
"""
)
_STOCK = (
    _EVENT
    + """
select d.date, coalesce(sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity end), 0)
from core.dim_date as d
left join event as e on e.event_on <= d.date
where d.date between :date_from and :date_to
group by d.date
order by d.date
"""
)
_DOSSIERS = """
select
    count(*) filter (where f.received_at >= :date_from) as received,
    count(*) filter (where f.received_at >= :date_from and f.channel = 2) as online,
    count(*) filter (where f.received_at >= :date_from and f.payment_online in (1, 2)) as paid,
    count(*) filter (where f.received_at >= :date_from and f.has_household_book) as book,
    count(*) filter (where f.received_at >= :date_from and (f.has_household_book or f.has_identity_copy)) as either,
    count(*) filter (where f.state in ('processing', 'suspended')) as open,
    count(*) filter (where f.state = 'processing' and cast(f.due_at as date) = date '2023-04-21') as due_next
from core.fct_dossier as f
inner join core.dossier_procedure as p on f.dossier_code = p.dossier_code
where f.is_counted and f.received_at < cast(:date_to as date) + 1
    and coalesce(f.unit_code = :unit, true) and coalesce(p.field_name = :sector, true)
"""


_DIGITISED = """
select count(*)
from core.indicator_dossier(:date_from, :date_to, 'infinity') as d
inner join core.dossier_procedure as p on d.dossier_code = p.dossier_code
where d.is_finished and d.is_wholly_digitised
    and coalesce(d.unit_code = :unit, true) and coalesce(p.field_name = :sector, true)
"""


def _ask(report: Report, sql: str, unit: str | None, sector: str | None) -> list[tuple[Any, ...]]:
    return report.world.ask(sql, unit=unit, sector=sector, date_from=FROM, date_to=TO)


def _form(report: Report, unit: str | None, sector: str | None) -> list[int]:
    ((online, direct, carried, early, on_time, late, overdue),) = [
        tuple(int(value or 0) for value in row) for row in _ask(report, _FORM, unit, sector)
    ]
    pending = online + direct + carried - early - on_time - late
    return [
        *(online + direct + carried, online, direct, carried, early + on_time + late, early, on_time, late),
        *(pending, pending - overdue, overdue),
    ]


def _choices(report: Report) -> Sequence[tuple[tuple[str | None, str], tuple[str | None, str]]]:
    """Some units and sectors, alone and together, as (code, name): the busiest and the last of each, and none."""
    units = report.world.ask(
        "select f.unit_code, u.unit_name from core.fct_dossier as f inner join core.dim_unit as u"
        " on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from group by 1, 2 order by count(*) desc, 1"
    )
    sectors = report.world.ask(
        "select p.field_name, p.field_name from core.dossier_procedure as p where p.field_name is not null"
        " group by 1 order by count(*) desc, 1"
    )
    every: tuple[str | None, str] = (None, "")
    return list(product([units[0], units[-1], every], [sectors[0], sectors[-1], every]))


def test_a_choice_gives_the_figures_of_the_warehouse(report: Report, open_page: Any) -> None:
    page = open_page(report.file)
    page.unfold()
    drawn = page.page.inner_html(".charts")
    for (unit, unit_name), (sector, field_name) in [
        *_choices(report),
        *_choices(report)[:1],
        ((None, ""), (None, "")),
    ]:
        page.choose(unit_name, field_name)
        what = f"{unit_name or 'every unit'}, {field_name or 'every sector'}"

        form = [number(value) for value in _form(report, unit, sector)]
        shown = page.rows("table.form")
        assert shown.pop("Tổng số")[-11:] == form, what
        if unit_name and any(value != "0" for value in form):
            assert {name: cells[-11:] for name, cells in shown.items()} == {unit_name: form}, what

        ((received, resolved, timely, late, overdue),) = [
            tuple(int(value or 0) for value in row) for row in _ask(report, _LINE, unit, sector)
        ]
        values = {name: page.page.inner_text(f'[data-value="{name}"]') for name in _VALUES}
        assert list(values.values()) == [
            *(number(received), number(resolved), percent(resolved, received), number(late), number(overdue)),
            number(_form(report, unit, sector)[0]),
        ], what
        sentence = page.page.inner_text(".sentence")
        assert f"trước hạn và đúng hạn {number(timely)}, quá hạn {number(late)}" in sentence, what
        named = unit_name[0].lower() + unit_name[1:] if unit_name else "của tất cả đơn vị trong kho số liệu"
        sector_shown = f", lĩnh vực {field_name}" if field_name else ""
        assert f"bộ phận một cửa {named}{sector_shown} tiếp nhận trực tiếp" in sentence, what
        _check_lists(report, page, unit, sector, what)
        _check_days(report, page, unit, sector, what)
    assert page.page.inner_html(".charts") == drawn, (
        "drawn again for the whole report, the charts are the same"
    )


_VALUES = (
    *("line.received", "line.resolved", "line.resolved/line.received", "line.late", "line.overdue_open"),
    "form.received_total",
)


def _check_lists(report: Report, page: Any, unit: str | None, sector: str | None, what: str) -> None:
    ((received, online, paid, book, either, opened, due_next),) = _ask(report, _DOSSIERS, unit, sector)
    ((digitised,),) = _ask(report, _DIGITISED, unit, sector)
    first = page.page.inner_text('section[aria-labelledby="kenh"] table >> nth=0 >> tfoot').split("\t")
    assert first[1:3] == [number(received), percent(online, received)], what
    assert first[5] == percent(paid, int(first[6].replace(".", ""))), what
    assert first[7] == percent(digitised, int(first[8].replace(".", ""))), what
    papers = page.page.inner_text('section[aria-labelledby="giay-to"] table >> nth=0 >> tfoot').split("\t")
    assert [papers[i].strip() for i in (1, 2, 4, 5)] == [
        *(number(received), number(book), number(either), percent(either, received))
    ], what
    for name, count in (
        ("oldest", opened),
        ("due_next", due_next),
        ("open_late", _form(report, unit, sector)[-1]),
    ):
        written = page.page.inner_text(f'[data-shown="{name}"]')
        assert f"ổng số {number(count)} dòng" in written, (what, name)
        rows = page.page.locator(f'table[data-list="{name}"] tbody tr').count()
        assert rows == count or (f"Hiển thị {number(rows)} dòng đầu" in written and 0 < rows < count), (
            what,
            name,
        )


def _check_days(report: Report, page: Any, unit: str | None, sector: str | None, what: str) -> None:
    stock = [int(count) for _, count in _ask(report, _STOCK, unit, sector)]
    shown = page.page.get_attribute(".charts figure >> nth=0", "aria-label")
    assert f"Từ {number(stock[0])} hồ sơ cuối ngày {day(FROM)}" in shown, what
    assert f"đến {number(stock[-1])} hồ sơ cuối ngày {day(TO)}; cao nhất {number(max(stock))} " in shown, what
    months = page.page.locator("[data-months] tbody tr").all_inner_texts()
    assert [row.split("\t")[3] for row in months] == [
        number(stock[13]),
        number(stock[41]),
        number(stock[72]),
        number(stock[-1]),
    ], what


def test_the_address_keeps_the_choice(report: Report, open_page: Any) -> None:
    (unit, unit_name), (_, field_name) = _choices(report)[0]
    page = open_page(report.file)
    whole = page.page.inner_text("main")
    page.choose(unit_name, field_name)
    chosen = page.page.inner_text("main")
    assert chosen != whole
    assert f"Đang lọc: {unit_name}; {field_name}." in page.page.inner_text("[data-choice]")
    fragment = page.page.evaluate("location.hash")
    assert f"don-vi={unit}" in fragment

    page.page.click('nav a[href="#co-so"]')
    assert page.page.evaluate("location.hash") == fragment, "a link within the page leaves the choice"
    assert page.page.evaluate("document.activeElement.id") == "co-so"

    again = open_page(report.file, fragment=fragment)
    assert again.page.inner_text("main") == chosen
    again.page.click("button[type=reset]")
    again.page.wait_for_function("!location.hash")
    assert again.page.inner_text("main") == whole


def test_without_a_script_the_whole_report_stands_there(report: Report, open_page: Any) -> None:
    """What the script writes when nothing is chosen is what stood there before."""
    plain = open_page(report.file, java_script_enabled=False)
    assert not plain.page.locator("form.filters").is_visible()
    assert number(report.figures.line["received"]) in plain.page.inner_text(".sentence")
    written = plain.page.inner_text("main")
    page = open_page(report.file)
    (_, unit_name), (_, field_name) = _choices(report)[0]
    page.choose(unit_name, field_name)
    page.choose()
    assert page.page.inner_text("main") == written


@pytest.mark.parametrize(
    ("lang", "viewport"),
    [
        pytest.param("vi", DESKTOP, id="vi-desktop"),
        pytest.param("en", PHONE, id="en-phone", marks=pytest.mark.long),
        pytest.param("vi", PHONE, id="vi-phone", marks=pytest.mark.long),
        pytest.param("en", DESKTOP, id="en-desktop", marks=pytest.mark.long),
    ],
)
def test_all_can_read_it(
    report: Report, browser: Browser, viewport: dict[str, int], lang: str, tmp_path: Path
) -> None:
    """axe finds nothing serious, filtered or not, and nothing has to be moved sideways but tables in their boxes."""
    figures = read_figures(report.world.engine, replace(report.figures.request, lang=lang))
    (tmp_path / PAGE).write_text(render_page(figures, WORKBOOK), encoding="utf-8", newline="\n")
    # axe is put into the page; the page's own policy would not let it in
    context = browser.new_context(viewport=viewport, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / PAGE).as_uri())
    for _ in range(2):
        actual = Axe().run(page).response["violations"]
        grave = [
            (item["id"], item["nodes"][0]["html"])
            for item in actual
            if item["impact"] in ("serious", "critical")
        ]
        assert grave == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        page.select_option("#chon-don-vi", index=1)
    assert page.get_attribute("html", "lang") == lang
    context.close()


def test_it_prints(report: Report, open_page: Any) -> None:
    page = open_page(report.file)
    page.page.emulate_media(media="print")
    assert not page.page.locator("form.filters").is_visible()
    assert not page.page.locator("nav").is_visible()
    clipped = page.page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(box => getComputedStyle(box).overflowX !== 'visible').length"
    )
    assert clipped == 0, "no table is cut at the edge of its box"
    printed = page.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 3 < sheets <= MOST_SHEETS
    boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", printed))
    assert boxes and all([round(float(side)) for side in box.split()][2:] == [595, 842] for box in boxes), (
        "A4 upright"
    )
    # Nothing is wider than the sheet: a browser would make all of it smaller.
    page.page.set_viewport_size({"width": 703, "height": 1000})
    wide = page.page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth)"
        ".map(box => box.innerText.slice(0, 60))"
    )
    assert wide == []


def test_it_is_short_until_its_folds_are_opened(report: Report, open_page: Any) -> None:
    """What is wrong, where and what to do stand before detail; on a phone nothing moves sideways."""
    page = open_page(report.file)
    height = page.page.evaluate("document.documentElement.scrollHeight")
    assert height <= MOST_PIXELS
    assert page.page.evaluate("document.querySelectorAll('details[open]').length") == 0
    headings = page.page.locator("main h2").all_inner_texts()
    assert headings[:5] == [
        *("Kết quả chung", "Những điểm cần xem lại", "Việc cần làm", "Tiếp nhận và giải quyết: biểu II.06a"),
        "Quá hạn",
    ]
    page.unfold()
    assert page.page.evaluate("document.documentElement.scrollHeight") > height
    phone = open_page(report.file, viewport=PHONE)
    phone.unfold()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("width", [1280, 1100, 800, 360])
def test_contents_do_not_overlap(report: Report, open_page: Any, width: int) -> None:
    page = open_page(report.file, viewport={"width": width, "height": 900})
    boxes = page.page.evaluate(
        """[...document.querySelectorAll("nav li")].map(item => {
            const range = document.createRange();
            range.selectNodeContents(item);
            const { left, top, right, bottom } = range.getBoundingClientRect();
            return [left - 30, top, right, bottom];  // with its number
        })"""
    )
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert right <= width
        for other_left, other_top, other_right, other_bottom in boxes[:place]:
            assert left >= other_right or right <= other_left or top >= other_bottom or bottom <= other_top


def test_folds_work_by_keyboard_link_and_search(report: Report, open_page: Any) -> None:
    page = open_page(report.file)
    page.page.focus("summary >> nth=0")
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.querySelector('details').open")
    assert not page.page.locator('[data-list="open_late"]').is_visible()
    page.page.click('.points a[href="#phu-luc-2"]')
    assert page.page.locator('[data-list="open_late"]').is_visible(), "a link opens what it leads to"
    # what is in a closed fold is in the page, so that a browser's search opens it
    code = page.page.evaluate("document.querySelector('[data-list=late] td.code').textContent")
    assert code and page.page.evaluate("code => document.body.textContent.includes(code)", code)


def test_on_paper_a_list_has_its_first_rows_and_says_where_the_others_are(
    report: Report, open_page: Any
) -> None:
    page = open_page(report.file)
    page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    lists = page.page.evaluate(
        """[...document.querySelectorAll("table[data-list]")].map(list => [list.dataset.list,
            [...list.tBodies[0].rows].filter(row => row.offsetHeight > 0).length,
            list.tBodies[0].rows.length,
            document.querySelector(`[data-rest=${list.dataset.list}]`)])"""
    )
    assert {name for name, *_ in lists} >= {"late", "open_late", "papers"}
    assert all(shown == min(rows, PRINTED_ROWS) for _, shown, rows, _ in lists)
    rest = page.page.inner_text("[data-rest=open_late]")
    left = number(len(report.figures.overdue) - PRINTED_ROWS)
    assert rest == f"Còn {left} dòng ở trang “Phụ lục II” của tệp bieu-II-06.xlsx."
    page.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.page.evaluate("document.querySelectorAll('details[open]').length") == 0


def test_plain_words_outside_the_folded_method(report: Report, open_page: Any) -> None:
    page = open_page(report.file)
    page.page.evaluate("document.querySelectorAll('.method').forEach(fold => fold.remove())")
    shown = page.page.evaluate("document.querySelector('main').textContent")
    for word in ("Kaplan", "Benjamini", "nhị thức", "Trung vị", "p điều chỉnh"):
        assert word not in shown
    assert re.search(r"\d %", shown) is None, "96,2% as the office writes it"
    assert "bộ quy tắc" not in page.page.inner_text(".sentence")
    assert "bộ quy tắc ii06" in page.page.inner_text(".sentence + p")


def test_no_script_but_its_own_may_run(report: Report, open_page: Any) -> None:
    """The policy holds in a browser: what is put into the page does nothing, and what it would ask for is not asked."""
    page = open_page(report.file)
    page.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", '<img src="https://example.invalid/x.png">');
        }"""
    )
    page.page.wait_for_timeout(200)
    assert page.page.evaluate("window.ran") is None
    assert all("Content Security Policy" in line for line in page.messages) and len(page.messages) == 2
    page.messages.clear()
    page.requests[:] = [url for url in page.requests if not url.startswith("https://example.invalid")]


def test_every_letter_is_of_the_font_that_the_page_carries(report: Report, open_page: Any) -> None:
    """No machine takes its own instead, in charts, words or tables."""
    page = open_page(report.file).page
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for place in (".charts svg", ".charts figcaption", ".sentence", "table.form", "h1", "select"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": place})["nodeId"]
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert all(font["isCustomFont"] and font["familyName"].startswith(FAMILY) for font in used), used
    assert page.evaluate("name => document.fonts.check(`16px '${name}'`, 'Ợ')", FAMILY)
