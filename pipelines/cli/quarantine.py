"""`motcua quarantine`: refused rows listed, sent back to whoever wrote them, and taken in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from assets.given.vietnamese import number
from pipelines.cli.console import LOCK_WAIT_SECONDS, errors, open_warehouse, out, print_table, progress_bars
from pipelines.settings import Settings
from warehouse_sql.warehouse import run_lock

app = typer.Typer(help="Dòng bị cách ly: xem, gửi lại nơi xuất, nhận lại.", no_args_is_help=True)
_SHOWN = 50
_Source = Annotated[str | None, typer.Option(metavar="NAME", help="Chỉ nguồn này.")]
_All = Annotated[bool, typer.Option("--all", help="Cả những lỗi đã được giải quyết.")]


@app.command("list")
def show(
    source: _Source = None,
    rule: Annotated[str | None, typer.Option(metavar="ID", help="Chỉ quy tắc này.")] = None,
    everything: _All = False,
    as_json: Annotated[bool, typer.Option("--json", help="In dạng JSON.")] = False,
) -> None:
    """Các lỗi đang chờ nơi xuất sửa, mới nhất trước."""
    from assets.exports.quarantine_book import read_problems

    _checked_source(source)
    engine = open_warehouse(Settings())
    with engine.connect() as connection:
        rows = read_problems(connection, source=source, rule=rule, with_resolved=everything)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=str))
        return
    if not rows:
        out.print("Không có dòng nào đang cách ly.")
        return
    table = Table(*("Nguồn", "Tệp", "Dòng", "Mã hồ sơ", "Quy tắc", "Giá trị", "Số lần", "Thấy lần cuối"))
    for row in rows[:_SHOWN]:
        place = f"{row['sheet']}: {row['row_number']}" if row["sheet"] else str(row["row_number"])
        cells = (row["source"], row["file"], place, row["dossier_code"] or "", row["rule_id"])
        table.add_row(
            *cells, row["value"] or "", number(row["seen_count"]), f"{row['last_seen_at']:%d/%m/%Y %H:%M}"
        )
    print_table(table)
    if len(rows) > _SHOWN:
        out.print(f"… và {number(len(rows) - _SHOWN)} lỗi khác; thêm --json hoặc dùng quarantine export.")


@app.command("export")
def export(
    source: Annotated[str, typer.Option(metavar="NAME", help="Nguồn nhận lại các dòng này.")],
    file: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", dir_okay=False, help="Sổ tính để gửi.")],
    everything: _All = False,
) -> None:
    """Ghi sổ tính gửi lại nơi xuất: mỗi lỗi một dòng, có tệp, ô, giá trị và cách sửa."""
    from assets.exports.intake import now
    from assets.exports.quarantine_book import placed, read_problems, write_book
    from assets.given.archive import Archive

    settings = Settings()
    sources = _checked_source(source)
    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"--out “{file}” cần đuôi .xlsx.")
    engine = open_warehouse(settings)
    with engine.connect() as connection:
        rows = read_problems(connection, source=source, with_resolved=everything)
        problems = placed(connection, rows, Archive(settings.archive), sources)
    write_book(file, problems, sources[source].title, now())
    out.print(f"Đã ghi {number(len(problems))} lỗi của nguồn {source} vào {file}.", markup=False)


@app.command("replay")
def replay(
    source: _Source = None,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Nhận lại các dòng bị cách ly sau khi đã sửa quy tắc, danh mục của nguồn hoặc tệp đính chính."""
    from assets.dimensions.load import load_reference
    from assets.exports.intake import now
    from assets.exports.quarantine_replay import replay_quarantine
    from assets.given.archive import Archive
    from assets.rebuild import finish_waiting

    settings = Settings()
    sources = _checked_source(source)
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS), progress_bars(quiet=as_json) as told:
        with engine.begin() as connection:
            load_reference(connection, sources, settings.office_files())
        result = replay_quarantine(engine, Archive(settings.archive), sources, now(), source)
        finish_waiting(engine, told)
    if as_json:
        print(json.dumps(vars(result), ensure_ascii=False))
    else:
        out.print(
            f"Đã xem lại {number(result.files)} tệp: nhận lại {number(result.rows_taken_in)} dòng,"
            f" còn cách ly {number(result.rows_refused)} dòng."
        )
    for line in result.errors:
        errors.print(f"Không xem lại được: {line}", markup=False)


def _checked_source(name: str | None) -> dict[str, Any]:
    sources = Settings().source_list()
    if name is not None and name not in sources:
        raise typer.BadParameter(f"--source “{name}” không có trong danh sách nguồn: {', '.join(sources)}.")
    return sources
