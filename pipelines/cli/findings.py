"""`motcua findings`: what inspections found, recorded, followed and closed."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.console import open_warehouse, out, say, show_rows, warn
from pipelines.settings import Settings
from warehouse_sql.messages import Message, language, message
from warehouse_sql.vietnam_time import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assets.reports.findings.checklist import Item
    from assets.reports.statements.rows import CheckRow
    from assets.reports.words.finding_rows import FindingTexts

app = typer.Typer(help="Kết luận kiểm tra và việc khắc phục: ghi, xem, đóng.", no_args_is_help=True)
_DAY = ["%Y-%m-%d"]
_SHOWN = (
    *("finding_id", "inspection", "unit_code", "unit_name", "finding", "measure", "due_on", "indicator"),
    *(
        "baseline_from",
        "baseline_to",
        "before_value",
        "after_value",
        "after_from",
        "after_to",
        "created_on",
        "closed_on",
        "closing_note",
    ),
    "state",
)


@app.command("add")
def add(
    inspection: Annotated[str, typer.Option(help="Đợt kiểm tra, như quyết định ghi.")],
    unit: Annotated[str, typer.Option(help="Mã hoặc tên đơn vị; all là mọi đơn vị.")],
    finding: Annotated[str, typer.Option(help="Kết luận: điều kiểm tra thấy.")],
    measure: Annotated[str, typer.Option(help="Biện pháp khắc phục.")],
    due: Annotated[datetime, typer.Option(formats=_DAY, help="Hạn khắc phục.")],
    start: Annotated[datetime, typer.Option("--from", formats=_DAY, help="Ngày đầu của kỳ được kiểm tra.")],
    end: Annotated[datetime, typer.Option("--to", formats=_DAY, help="Ngày cuối của kỳ được kiểm tra.")],
    indicator: Annotated[
        str | None, typer.Option(help="Chỉ tiêu đo việc khắc phục, xem motcua findings indicators.")
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(help="Giá trị khi kiểm tra, ví dụ 12,5% hoặc 448; bỏ trống thì tính từ kho."),
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Ngày kết luận; mặc định: hôm nay.")
    ] = None,
) -> None:
    """Ghi một kết luận kiểm tra."""
    from assets.reports.findings.findings import NewFinding, add_finding

    new = NewFinding(
        inspection=inspection,
        unit=unit,
        finding=finding,
        measure=measure,
        due_on=due.date(),
        created_on=on.date() if on else _today(),
        baseline_from=start.date(),
        baseline_to=end.date(),
        indicator=indicator,
        baseline_value=_value(before) if before is not None else None,
    )
    with open_warehouse(Settings()).begin() as connection:
        number = add_finding(connection, new)
    say(message("Đã ghi kết luận số {number}.", number=number))


@app.command("list")
def show(
    unit: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Mã đơn vị, nhắc lại được; mặc định: tất cả.")
    ] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="Ngày đầu của kỳ để đo kết quả.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Ngày cuối của kỳ để đo kết quả.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách JSON, không gì khác.")] = False,
) -> None:
    """Xem các kết luận, chỉ tiêu trước và sau (mặc định: từ sau kỳ được kiểm tra đến nay); việc quá hạn được đánh dấu."""
    from assets.reports.findings.findings import read_findings
    from assets.reports.words.finding_rows import with_texts
    from assets.reports.words.sealed_words import SealedWords

    if (start is None) != (end is None):
        raise typer.BadParameter(message("--from và --to phải đi cùng nhau."))
    if start and end and start > end:
        raise typer.BadParameter(message("ngày đầu (--from) phải trước hoặc bằng ngày cuối (--to)."))
    period = (start.date(), end.date()) if start and end else None
    with open_warehouse(Settings()).connect() as connection:
        rows = read_findings(connection, unit or (), "infinity", "infinity", _today(), period)
    if as_json:
        print(
            json.dumps(
                [{name: row[name] for name in _SHOWN} for row in map(dict, rows)],
                ensure_ascii=False,
                default=_plain,
            )
        )
    elif rows:
        _print(with_texts(rows, SealedWords(language())))
    else:
        say(message("Chưa có kết luận nào."))


@app.command("close")
def close(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Số của kết luận.")],
    note: Annotated[str, typer.Option(help="Đã làm gì.")] = "",
    on: Annotated[datetime | None, typer.Option(formats=_DAY, help="Ngày đóng; mặc định: hôm nay.")] = None,
) -> None:
    """Ghi là một kết luận đã khắc phục xong."""
    from assets.reports.findings.findings import close_finding, unmoved
    from assets.reports.words.finding_rows import with_texts
    from assets.reports.words.sealed_words import SealedWords

    closed_on = on.date() if on else _today()
    with open_warehouse(Settings()).begin() as connection:
        close_finding(connection, number, closed_on, note)
        row = unmoved(connection, number, closed_on)
    say(message("Đã đóng kết luận số {number} ngày {closed_on:day}.", number=number, closed_on=closed_on))
    for shown in with_texts([row], SealedWords(language())) if row else ():
        warn(
            message(
                "Lưu ý: “{indicator}” chưa chuyển biến (khi kiểm tra {before}, từ {start:day} đến {end:day} {after}); "
                "hãy xem lại trước khi báo cáo là đã khắc phục.",
                indicator=shown["indicator_text"],
                before=shown["before_text"],
                after=shown["after_text"],
                start=shown["after_from"],
                end=shown["after_to"],
            )
        )


@app.command("check")
def check(
    item: Annotated[
        str | None, typer.Argument(metavar="ITEM", help="Mã của nội dung; bỏ trống thì xem cả danh sách.")
    ] = None,
    inspection: Annotated[str | None, typer.Option(help="Đợt kiểm tra, như quyết định ghi.")] = None,
    unit: Annotated[str | None, typer.Option(help="Mã hoặc tên đơn vị; all là mọi đơn vị.")] = None,
    answer: Annotated[str | None, typer.Option(help="Kết quả: đạt, một phần hoặc chưa đạt.")] = None,
    note: Annotated[str, typer.Option(help="Điều thấy khi kiểm tra.")] = "",
    on: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Ngày kiểm tra; mặc định: hôm nay.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách JSON, không gì khác.")] = False,
) -> None:
    """Xem danh sách nội dung kiểm tra tại chỗ mà tệp xuất không cho biết, hoặc ghi kết quả của một nội dung."""
    if item is None:
        _show_checklist(inspection, unit, as_json)
        return
    if inspection is None or unit is None or answer is None:
        raise typer.BadParameter(message("ghi một kết quả thì cần --inspection, --unit và --answer."))
    from assets.reports.findings.checklist import NewAnswer, record_answer

    new = NewAnswer(inspection, unit, item, answer, on.date() if on else _today(), note)
    with open_warehouse(Settings()).begin() as connection:
        recorded, given = record_answer(connection, new)
    say(message("Đã ghi: {title}: {answer}.", title=_title(recorded), answer=_title(given)))


def _title(item: Item) -> str:
    return item.title_vi if language() == "vi" else item.title_en


def _show_checklist(inspection: str | None, unit: str | None, as_json: bool) -> None:
    from assets.given.texts import key
    from assets.reports.findings.checklist import answers as known
    from assets.reports.findings.checklist import items, read_answers

    with open_warehouse(Settings()).connect() as connection:
        answers = [
            row
            for row in read_answers(connection, (unit,) if unit else (), "infinity")
            if inspection is None or key(row["inspection"]) == key(inspection)
        ]
    if as_json:
        print(json.dumps(answers, ensure_ascii=False, default=_plain))
        return
    heads = (
        *(message("Mã"), message("Nội dung"), message("Đợt kiểm tra"), message("Đơn vị"), message("Kết quả")),
        *(message("Đợt trước"), message("Ghi chú")),
    )
    titles = {code: _title(answer) for code, answer in known().items()}
    cells = []
    for item in items().values():
        of_item = [_answered(row, titles) for row in answers if row["item"] == item.code]
        cells += [(item.code, _title(item), *row) for row in of_item or [("–", "–", "–", "–", "")]]
    show_rows(heads, cells)


def _answered(row: CheckRow, titles: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    former = titles[row["former_answer"]] if row["former_answer"] else "–"
    return row["inspection"], row["unit_name"], titles[row["answer"]], former, row["note"] or ""


@app.command("indicators")
def list_indicators() -> None:
    """Liệt kê các chỉ tiêu dùng được cho --indicator."""
    from assets.reports.findings.findings import indicators

    with open_warehouse(Settings()).connect() as connection:
        for indicator in indicators(connection).values():
            out.print(
                f"{indicator.code}: {indicator.title_vi if language() == 'vi' else indicator.title_en}",
                markup=False,
            )


def _today() -> date:
    return datetime.now(VIETNAM).date()


def _value(written: str) -> Decimal:
    """12,5 % is 0.125; 448 and 1.448 are counts."""
    answer = written.strip()
    try:
        if answer.endswith("%"):
            value = Decimal(answer.removesuffix("%").strip().replace(",", ".")) / 100
        else:
            value = Decimal(answer.replace(".", "").replace(",", "."))
    except InvalidOperation:
        raise typer.BadParameter(
            message("--before “{written}” không phải số; ví dụ 12,5% hoặc 448.", written=written)
        ) from None
    if not value.is_finite() or value < 0:
        raise typer.BadParameter(
            message("--before “{written}” không phải số; ví dụ 12,5% hoặc 448.", written=written)
        )
    return value


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _after(row: FindingTexts) -> str | Message:
    """Returns the value after, with the days that it is of."""
    if row["after_value"] is None or row["after_from"] is None:
        return "–"
    start, end = row["after_from"], row["after_to"]
    return message("{value} ({start:day} – {end:day})", value=row["after_text"], start=start, end=end)


def _print(rows: Sequence[FindingTexts]) -> None:
    heads = (
        message("Số"),
        message("Đợt kiểm tra"),
        message("Đơn vị"),
        message("Kết luận"),
        message("Biện pháp"),
        message("Hạn"),
        message("Chỉ tiêu"),
        message("Trước"),
        message("Sau"),
        message("Tình trạng"),
    )
    cells = [
        (
            *(str(row["finding_id"]), row["inspection"], row["unit_name"], row["finding"], row["measure"]),
            message("{on:day}", on=row["due_on"]),
            *(row["indicator"] or "–", row["before_text"], _after(row), row["state_text"]),
        )
        for row in rows
    ]
    show_rows(heads, cells)
