"""`motcua quarantine`: refused rows listed, sent back to whoever wrote them, and taken in again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.console import LOCK_WAIT_SECONDS, open_warehouse, progress_bars, say, show_rows, warn
from pipelines.settings import Settings
from warehouse_sql.messages import message
from warehouse_sql.run_lock import run_lock

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
        say(message("Không có dòng nào đang cách ly."))
        return
    heads = (
        message("Nguồn"),
        message("Tệp"),
        message("Dòng"),
        message("Mã hồ sơ"),
        message("Quy tắc"),
        message("Giá trị"),
        message("Số lần"),
        message("Thấy lần cuối"),
    )
    show_rows(heads, map(_cells, rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        say(
            message(
                "… và {count:number} lỗi khác; thêm --json hoặc dùng quarantine export.",
                count=len(rows) - _SHOWN,
            )
        )


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    place = f"{row['sheet']}: {row['row_number']}" if row["sheet"] else str(row["row_number"])
    return (
        *(row["source"], row["file"], place, row["dossier_code"] or "", row["rule_id"], row["value"] or ""),
        message("{times:number}", times=row["seen_count"]),
        message("{at:instant}", at=row["last_seen_at"]),
    )


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
        raise typer.BadParameter(message("--out “{file}” cần đuôi .xlsx.", file=file))
    engine = open_warehouse(settings)
    with engine.connect() as connection:
        rows = read_problems(connection, source=source, with_resolved=everything)
        problems = placed(connection, rows, Archive(settings.archive), sources)
    write_book(file, problems, sources[source].title, now())
    say(
        message(
            "Đã ghi {problems:number} lỗi của nguồn {source} vào {file}.",
            problems=len(problems),
            source=source,
            file=file,
        )
    )


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
    with run_lock(engine, LOCK_WAIT_SECONDS), progress_bars(quiet=as_json) as progress:
        with engine.begin() as connection:
            load_reference(connection, sources, settings.office_files())
        result = replay_quarantine(engine, Archive(settings.archive), sources, now(), source)
        finish_waiting(engine, progress)
    if as_json:
        print(json.dumps(vars(result), ensure_ascii=False))
    else:
        say(
            message(
                "Đã xem lại {files:number} tệp: nhận lại {rows_taken_in:number} dòng, còn cách ly "
                "{rows_refused:number} dòng.",
                files=result.files,
                rows_taken_in=result.rows_taken_in,
                rows_refused=result.rows_refused,
            )
        )
    for line in result.errors:
        warn(message("Không xem lại được: {line}", line=line))


def _checked_source(name: str | None) -> dict[str, Any]:
    sources = Settings().source_list()
    if name is not None and name not in sources:
        raise typer.BadParameter(
            message(
                "--source “{name}” không có trong danh sách nguồn: {sources}.",
                name=name,
                sources=", ".join(sources),
            )
        )
    return sources
