"""Every page opens with every choice, says what its figures rest on, and its figures are those of the warehouse."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import fastexcel
import pytest
from sqlalchemy import text

from assets.board.access.viewer import EVERYBODY
from assets.board.choice import Choice, ChoiceError, read_choice
from assets.board.files import write_listing
from assets.board.links import CARD, indicator_list, unit_of
from assets.board.listing import read_listing
from assets.board.lists import FORM_FIGURES, INDICATOR_PARTS, LISTS
from assets.board.pages import KNOWN_ON, PAGES, PERIOD, RULE_SET, form_total
from assets.board.reading import Kept, Reader, reading
from assets.board.site import NoSuchPageError, Person, Surroundings, page, settled
from assets.board.words import Words, texts
from assets.sources.canonical import DOSSIER_ATTRIBUTES
from tests.board.conftest import Ask
from tests.worlds import CODE, World, national, provincial

_CHOICES: tuple[dict[str, object], ...] = (
    {},
    {"lang": "en"},
    {"unit": "890@1900-01-01", "rule_set": "qd766"},
    {"date_from": "2023-07-01", "date_to": "2023-07-20", "known_on": "2023-07-15"},
    {"unit_view": "current"},
)


@pytest.mark.parametrize("path", [each.path for each in PAGES])
@pytest.mark.parametrize("query", _CHOICES)
def test_each_page_opens_with_each_choice(ask: Ask, path: str, query: dict[str, object]) -> None:
    html = ask(path, **query)
    assert html.count("<h1>") == 1
    assert 'class="basis"' in html


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_in_every_order_of_its_columns(ask: Ask, name: str) -> None:
    for column in LISTS[name].columns:
        for order in (column.source("vi"), f"-{column.source('vi')}"):
            assert f'id="{name}"' in ask("/danh-sach", list=name, sort=order)


@pytest.mark.parametrize("known_on", [None, "2023-07-15"])
def test_each_page_says_what_its_figures_rest_on(ask: Ask, reader: Reader, known_on: str | None) -> None:
    """Rule set and period where they count; the moment of knowledge, or that only today's is had; how far and since when."""
    query = {"date_from": "2023-07-01", "date_to": "2023-07-20"} | (
        {"known_on": known_on} if known_on else {}
    )
    horizon = Words("vi").value(reader.published.horizon, "day")
    pages = [
        *((each.path, {}, each.controls) for each in PAGES),
        *(
            ("/danh-sach", {"list": name}, (PERIOD, RULE_SET, *([KNOWN_ON] if each.has_both_times else [])))
            for name, each in LISTS.items()
        ),
    ]
    for path, more, controls in pages:
        html = ask(path, **query, **more)
        basis = unescape(html.partition('class="basis">')[2].partition("</p>")[0])
        assert ("01/07/2023" in basis and "20/07/2023" in basis) == (PERIOD in controls), path
        assert ("Biểu II.06/VPCP/KSTT" in basis) == (RULE_SET in controls), path
        assert ('name="known_on"' in html) == (KNOWN_ON in controls), path
        if KNOWN_ON not in controls:
            assert f"số liệu hiện có, tính đến hết ngày {horizon}" in basis.lower(), path
        elif known_on:
            assert "như đã biết đến hết ngày 15/07/2023" in basis.lower(), path
        else:
            assert "theo số liệu hiện có" in basis.lower(), path
        assert f"Số liệu tính đến hết ngày {horizon}; lần cập nhật gần nhất: " in html, path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_list_goes_out_whole_as_a_file(reader: Reader, tmp_path: Path, ending: str) -> None:
    for name, listing in LISTS.items():
        choice = settled(reader, Choice(more={"list": name}))
        file = tmp_path / f"{name}.{ending}"
        count = write_listing(reader, listing, choice, file)
        assert count == read_listing(reader, listing, choice, 1).row_count, name
        if ending == "csv":
            with file.open(encoding="utf-8-sig", newline="") as opened:
                rows = list(csv.reader(opened, delimiter=";"))
        else:
            sheet = fastexcel.read_excel(file).load_sheet(0).to_polars()
            rows = [sheet.columns, *map(list, sheet.rows())]
        assert rows[0] == [Words("vi")[f"columns.{column.name}"] for column in listing.columns], name
        assert len(rows) == count + 1, name


def _links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', html)]


def test_every_way_down_from_every_page_ends_at_dossiers(ask: Ask) -> None:
    """Follows every link of every page, and every link of what it leads to, until nothing new comes."""
    seen: set[str] = set()
    waiting = [each.path for each in PAGES]
    cards = 0
    while waiting:
        address = waiting.pop()
        key = address.partition("#")[0]
        parts = urlsplit(key)
        query = dict(parse_qsl(parts.query))
        if (
            key in seen
            or parts.path.startswith(("/tep/", "/static", "data:"))
            or "sort" in query
            or "lang" in query
        ):
            continue
        if parts.path.startswith(CARD):
            if cards < 30:
                cards += 1
                seen.add(key)
                ask(parts.path, **query)
            continue
        seen.add(key)
        waiting += [each for each in _links(ask(parts.path, **query)) if each.startswith("/")]
    assert cards == 30
    assert len(seen) > 100


@pytest.mark.parametrize("name", LISTS)
def test_each_figure_opens_a_list_of_as_many_as_it_says(reader: Reader, name: str) -> None:
    choice = settled(reader, Choice())
    whole = read_listing(reader, LISTS[name], choice, None)
    for row in (*whole.rows[:12], whole.sums):
        for column in LISTS[name].columns:
            if column.name not in row or column.opens is None:
                continue
            if column.kind == "count":
                _assert_opens_as_many(reader, column.opens(row, choice), row[column.name])
            elif column.kind == "change":
                before = row["overdue_open"] - row[column.name]
                _assert_opens_as_many(reader, column.opens(row, choice), before)


def _assert_opens_as_many(reader: Reader, address: str | None, figure: int | Decimal | None) -> None:
    if not figure:
        assert address is None
        return
    assert address is not None
    asked = settled(reader, read_choice(dict(parse_qsl(urlsplit(address).query))))
    shown = read_listing(reader, LISTS[asked.more["list"]], asked)
    counted = shown.sums.get("quantity", shown.sums.get("adds", shown.row_count))
    assert round(counted, 6) == figure, address


@pytest.mark.parametrize("level", [None, "by_district", "by_commune"])
def test_the_parts_of_each_indicator_open_the_dossiers_behind_them(reader: Reader, level: str | None) -> None:
    """As known now and before, of all units and of some; of several units the figure of each is rounded."""
    for known_on in (None, date(2023, 7, 15)):
        unit = None
        if level:
            first = read_listing(reader, LISTS[level], settled(reader, Choice()), None).rows[0]
            unit = unit_of(first["unit_code"], first["unit_valid_from"])
        choice = settled(reader, Choice(date(2023, 7, 1), date(2023, 7, 20), unit=unit, known_on=known_on))
        rows = read_listing(reader, LISTS["indicator"], choice, None).rows
        assert len(rows) == 8 or unit is not None
        for row in rows:
            for part in INDICATOR_PARTS:
                address = indicator_list(part)(row, choice)
                assert (address is None) == (not row[part])
                if address:
                    asked = settled(reader, read_choice(dict(parse_qsl(urlsplit(address).query))))
                    behind = read_listing(reader, LISTS["indicator_dossier"], asked, None)
                    assert abs(behind.sums["adds"] - row[part]) < Decimal("0.0001"), address


def test_what_is_left_out_of_an_indicator_is_said_of_all_chosen_units_together(reader: Reader) -> None:
    choice = settled(reader, Choice(unit="890@1900-01-01"))
    rows = read_listing(reader, LISTS["indicator"], choice, None).rows
    left_out = [row for row in rows if row["unknown_count"] and row["denominator"]]
    assert left_out
    for row in left_out:
        count = {lang: Words(lang).value(row["unknown_count"], "count") for lang in ("vi", "en")}
        assert f" của {count['vi']} hồ sơ: không tính" in row["reason_vi"]
        assert f" of {count['en']} dossier" in row["reason_en"]


def test_the_form_of_the_page_is_the_form(reader: Reader, july: World) -> None:
    choice = settled(reader, Choice(date(2023, 7, 1), date(2023, 7, 31)))
    sums = read_listing(reader, LISTS["by_commune"], choice, None).sums
    names = ", ".join(f"sum({name})::bigint as {name}" for name in FORM_FIGURES)
    assert july.ask(f"select {names} from mart.form_ii06('2023-07-01', '2023-07-31')") == [
        tuple(sums[name] for name in FORM_FIGURES)
    ]


def test_the_morning_says_how_many_are_overdue_and_since_yesterday(reader: Reader, july: World) -> None:
    choice = settled(reader, Choice())
    sums = read_listing(reader, LISTS["overdue_by_unit"], choice, None).sums
    ((now, before),) = july.ask(
        "select sum(overdue_open) filter (where date = mart.horizon())::bigint,"
        " sum(overdue_open) filter (where date = mart.horizon() - 1)::bigint from mart.overdue_daily_ii06"
    )
    assert (sums["overdue_open"], sums["since_yesterday"]) == (now, now - before)
    behind = read_listing(reader, LISTS["form"], choice.having(figure="pending_overdue")).sums["quantity"]
    assert behind == now


@pytest.mark.parametrize(
    "order", ["due_at", "-due_at", "dossier_code", "-status_name_vi", "ended_at", "quantity"]
)
def test_the_pages_of_a_list_hold_each_row_once_in_its_order(reader: Reader, order: str) -> None:
    choice = settled(reader, Choice(more={"list": "form", "figure": "received_total", "sort": order}))
    whole = [row["dossier_code"] for row in read_listing(reader, LISTS["form"], choice, None).rows]
    paged: list[str] = []
    place: str | None = None
    while True:
        shown = read_listing(reader, LISTS["form"], choice.having(after=place) if place else choice, 7)
        paged += [row["dossier_code"] for row in shown.rows]
        place = shown.following
        if place is None:
            break
    assert paged == whole
    assert len(whole) > 20


def test_as_known_before_anything_arrived_there_is_nothing(reader: Reader) -> None:
    choice = settled(reader, Choice(date(2023, 1, 1), date(2023, 12, 31), known_on=date(2022, 1, 1)))
    assert read_listing(reader, LISTS["by_commune"], choice, None).row_count == 0


def test_the_card_says_who_stated_what_and_why_the_due_date_is_what_it_is(ask: Ask, july: World) -> None:
    ((code, file),) = july.ask(
        "select d.dossier_code, t.file from mart.dossier as d cross join lateral mart.dossier_trace(d.dossier_code) as t"
        " where d.is_counted and t.stands order by d.dossier_code, t.file limit 1"
    )
    html = ask(f"/ho-so/{code}")
    assert code in html
    assert file in html
    assert "Tính từng ngày" in html


def test_a_dossier_is_found_by_how_its_code_begins_or_ends(ask: Ask, july: World) -> None:
    ((code,),) = july.ask("select min(dossier_code) from mart.dossier")
    for words in (code, code.lower(), code[:14], code[-6:]):
        assert f"/ho-so/{code}" in ask("/tim", words=words)
    assert "Không có hồ sơ nào" in ask("/tim", words="không có")


def test_a_dossier_is_found_by_the_code_that_the_other_portal_gave_it(small: World) -> None:
    other = "000.00.05.G12-230718-0009"
    small.say_provincial("2023-08-20 18:30", provincial())
    small.say_national("2023-08-20 18:31", national(other) | {"MaHoSoKhac": CODE})
    small.run()
    ((filed,),) = small.ask("select mart.dossier_code_of(:code)", code=other)
    assert filed == CODE
    with reading(small.engine, EVERYBODY, Kept()) as reader:
        for path, query in (("/tim", {"words": other}), (f"/ho-so/{other}", {})):
            html = page(reader, path, query, Person(), Surroundings()).html
            assert CODE in html, path


def test_what_is_not_there_is_said(ask: Ask) -> None:
    for path, query in (("/khong-co", {}), (f"/ho-so/{CODE}x", {}), ("/danh-sach", {"list": "other"})):
        with pytest.raises(NoSuchPageError):
            ask(path, **query)
    for query in (
        {"rule_set": "none"},
        {"list": "form", "sort": "drop"},
        {"list": "form", "after": "x"},
        {"list": "form", "figure": "x"},
    ):
        with pytest.raises(ChoiceError):
            ask("/danh-sach", **query)


def test_both_languages_have_the_same_texts() -> None:
    def keys(node: object, path: str = "") -> set[str]:
        if not isinstance(node, dict):
            return {path}
        return {each for name, below in node.items() for each in keys(below, f"{path}.{name}")}

    assert keys(texts("vi")) == keys(texts("en"))
    for listing in LISTS.values():
        for lang in ("vi", "en"):
            assert Words(lang)[f"lists.{listing.name}"]
            for column in listing.columns:
                assert Words(lang)[f"columns.{column.name}"]
    assert {attribute.name for attribute in DOSSIER_ATTRIBUTES} <= texts("vi")["attributes"].keys()


def test_english_pages_are_english_but_for_names_of_what_is_vietnamese(
    ask: Ask, reader: Reader, july: World
) -> None:
    """Units, procedures, sectors, offices and files have the names that they have; all else stands in English."""
    ((code,),) = july.ask("select min(dossier_code) from mart.dossier where is_counted")
    names = {"Tiếng Việt", "766/QĐ-TTg"} | {
        name
        for statement in (
            "select unit_name from mart.unit",
            "select procedure_name from mart.procedure",
            "select sector_name from mart.procedure",
            "select department from core.fct_stage",
            "select distinct position_name from core.fct_dossier as d cross join lateral mart.dossier_step(d.dossier_code)",
            "select path from landing.export_file",
            f"select value from mart.dossier_trace('{code}') where attribute in ('unit_name', 'procedure_name', 'field_name')",
        )
        for (name,) in july.ask(statement)
    }
    pages = [
        *((each.path, {}) for each in PAGES),
        *(("/danh-sach", {"list": name}) for name in LISTS),
        ("/tim", {"words": code}),
        (f"/ho-so/{code}", {}),
    ]
    for path, query in pages:
        shown = re.findall(">([^<]*)<", ask(path, lang="en", **query).partition("<main")[2])
        strange = {
            text
            for each in shown
            if re.search(
                "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", text := unescape(each).strip(), re.I
            )
            and text not in names
            and not any(name and name in text for name in names)
        }
        assert strange == set(), (path, query)


def test_days_that_are_not_complete_are_named_in_words(july: World) -> None:
    with july.engine.begin() as connection:
        connection.execute(
            text(
                "update ops.feed_day set status = 'missing' where (source, day) = (select f.source, f.day from ops.feed_day as f"
                " where f.source = 'igate' and f.day <= '2023-07-31' order by f.day desc limit 1)"
            )
        )
    with reading(july.engine, EVERYBODY, Kept()) as reader:
        html = {
            lang: page(reader, "/", {"lang": lang}, Person(), Surroundings()).html for lang in ("vi", "en")
        }
    assert re.search(
        r"gần nhất Hệ thống một cửa VNPT iGate tỉnh An Giang ngày \d\d/07/2023 \(thiếu\)", html["vi"]
    )
    assert re.search(
        r"the latest An Giang one-stop system VNPT iGate on \d+ Jul 2023 \(missing\)", html["en"]
    )


def test_overdue_of_a_past_period_is_that_of_its_last_day(reader: Reader, july: World) -> None:
    choice = settled(reader, Choice(date(2023, 7, 1), date(2023, 7, 20)))
    sums = read_listing(reader, LISTS["overdue_by_unit"], choice, None).sums
    assert july.ask(
        "select sum(overdue_open)::bigint from mart.overdue_daily_ii06 where date = '2023-07-20'"
    ) == [(sums["overdue_open"],)]
    behind = read_listing(reader, LISTS["form"], choice.having(figure="pending_overdue")).sums["quantity"]
    assert behind == sums["overdue_open"]


def test_the_tiles_of_a_unit_and_sector_are_those_of_its_procedures(reader: Reader, july: World) -> None:
    ((sector,),) = july.ask(
        "select min(part_key) from mart.form_by_part('sector', '2023-01-01', '2023-12-31')"
    )
    choice = settled(reader, Choice(date(2023, 1, 1), date(2023, 12, 31), sector=sector))
    sums = read_listing(reader, LISTS["by_procedure"], choice, None).sums
    total = form_total(reader, choice)
    assert {name: total[name] for name in FORM_FIGURES} == {name: sums[name] for name in FORM_FIGURES}
    assert total["received_total"] > 0
