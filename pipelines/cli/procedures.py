"""`motcua procedures`: the catalogue of procedures, taken over from the portal's file and listed."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import Engine, text

from pipelines.cli.console import (
    LOCK_WAIT_SECONDS,
    agreed,
    content_of,
    open_warehouse,
    say,
    show_rows,
    warn,
)
from pipelines.settings import Settings
from warehouse_sql.messages import message
from warehouse_sql.run_lock import run_lock

if TYPE_CHECKING:
    from assets.dimensions.catalogue import Change
    from assets.dimensions.catalogue_import import Plan

app = typer.Typer(help="Danh mục thủ tục hành chính: nhập từ tệp, xem.", no_args_is_help=True)
_SHOWN = 200  # rows of each kind
_KINDS = {"new": message("Mới"), "changed": message("Đổi"), "ended": message("Hết hiệu lực")}


@app.command("import")
def take_over_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Danh mục của cổng: XLSX hoặc CSV.")],
    valid_from: Annotated[
        datetime | None,
        typer.Option("--valid-from", formats=["%Y-%m-%d"], help="Ngày đầu có hiệu lực (mặc định: hôm nay)."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ghi mà không hỏi lại.")] = False,
) -> None:
    """Nhập danh mục thủ tục: cho xem thay đổi trước, hỏi rồi mới ghi; nhập lại cùng tệp không thay đổi gì."""
    from assets.dimensions.catalogue_import import plan_import, take_over
    from assets.dimensions.load import load_reference
    from assets.exports.intake import now
    from assets.given.archive import Archive

    content = content_of(file)
    settings = Settings()
    engine = open_warehouse(settings)
    start = valid_from.date() if valid_from else now().date()
    with run_lock(engine, LOCK_WAIT_SECONDS), engine.begin() as connection:
        load_reference(
            connection, settings.source_list(), settings.office_files()
        )  # what a first catalogue is compared with
        plan = plan_import(connection, content, file.name, start)
    _show(plan)
    if plan.is_nothing:
        return
    if plan.is_change and not yes and not agreed(message("Ghi các thay đổi này vào danh mục?")):
        raise typer.Exit(1)
    with run_lock(engine, LOCK_WAIT_SECONDS):
        touched = take_over(engine, Archive(settings.archive), plan, now())
    _print_written(plan, touched)


def _print_written(plan: Plan, touched: int) -> None:
    if plan.is_change:
        done = message(
            "Đã ghi danh mục {file}, có hiệu lực từ {on:day}", file=plan.file_name, on=plan.valid_from
        )
    else:
        done = message("Đã lưu tệp {file}, danh mục không đổi", file=plan.file_name)
    if touched:
        say(
            message(
                "{done}; “motcua run” sẽ dựng lại {touched:number} hồ sơ liên quan.",
                done=done,
                touched=touched,
            )
        )
    else:
        say(message("{done}.", done=done))


def _show(plan: Plan) -> None:
    """What it says, what it changes, and what of it could not be read."""
    counts = {kind: len({change.code for change in plan.changes if change.kind == kind}) for kind in _KINDS}
    say(
        message(
            "{file}: {procedures:number} thủ tục, từ {valid_from:day}: {new:number} mới, "
            "{changed:number} đổi, {ended:number} hết hiệu lực, {unparsed:number} thời hạn không đọc được.",
            file=plan.file_name,
            procedures=len(plan.file.procedures),
            valid_from=plan.valid_from,
            new=counts["new"],
            changed=counts["changed"],
            ended=counts["ended"],
            unparsed=len(plan.file.unparsed),
        ),
    )
    if plan.changes:
        _show_changes(plan.changes)
    _show_limits(plan)
    for line in plan.file.remarks[:_SHOWN]:
        warn(message("Lưu ý: {line}", line=line))
    if len(plan.file.remarks) > _SHOWN:
        warn(message("… và {count:number} lưu ý khác.", count=len(plan.file.remarks) - _SHOWN))
    if plan.followed_on:
        say(
            message(
                "Từ {followed_on:day} danh mục đã nhập trước đây có hiệu lực thay tệp này.",
                followed_on=plan.followed_on,
            )
        )
    if plan.is_nothing:
        say(
            message(
                "Tệp này đã nhập lúc {known_since:instant}; không có gì thay đổi.",
                known_since=plan.known_since,
            )
        )
    elif not plan.is_change:
        say(message("Danh mục trong kho đã như tệp này; không có gì thay đổi."))


def _show_changes(changes: list[Change]) -> None:
    rows = []
    for kind, word in _KINDS.items():
        listed = [change for change in changes if change.kind == kind]
        rows += [(word, o.code, o.name, o.field or "", o.old or "", o.new or "") for o in listed[:_SHOWN]]
        if len(listed) > _SHOWN:
            rows.append(
                (word, "…", message("và {count:number} dòng khác", count=len(listed) - _SHOWN), "", "", "")
            )
    show_rows(
        (
            message("Thay đổi"),
            message("Mã"),
            message("Tên"),
            message("Trường"),
            message("Cũ"),
            message("Mới"),
        ),
        rows,
        unbroken=(1,),
    )


def _show_limits(plan: Plan) -> None:
    rows = [(message("không đọc được, để trống"), *doubt) for doubt in plan.file.unparsed]
    rows += [(message("chỉ đọc trường hợp thường"), *doubt) for doubt in plan.file.other_cases]
    if rows:
        show_rows(
            (message("Thời hạn"), message("Dòng"), message("Mã"), message("Ghi là")), rows, unbroken=(2,)
        )


@app.command("list")
def show_catalogue(
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Ngày cần xem (mặc định: hôm nay).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một danh sách JSON.")] = False,
) -> None:
    """Các thủ tục có hiệu lực trong danh mục."""
    from assets.dimensions.catalogue import SERVICE_LEVELS, level_in_words
    from assets.dimensions.limits import written
    from assets.exports.intake import now

    engine = open_warehouse(Settings())
    in_force = _in_force(engine, on.date() if on else now().date())
    if as_json:
        print(json.dumps(in_force, ensure_ascii=False, default=str))
        return
    if not in_force:
        say(message("Danh mục trống; hãy chạy “motcua run” hoặc “motcua procedures import”."))
        return
    rows = [
        (
            procedure["procedure_code"],
            procedure["procedure_name"],
            procedure["field_name"] or "–",
            level_in_words(procedure["level"]) if procedure["level"] else "–",
            SERVICE_LEVELS.get(procedure["service_level"], "–"),
            written(procedure["limit_value"], procedure["limit_unit"]),
            written(procedure["online_limit_value"], procedure["online_limit_unit"]),
        )
        for procedure in in_force
    ]
    show_rows(
        (
            message("Mã"),
            message("Tên"),
            message("Lĩnh vực"),
            message("Cấp"),
            message("Dịch vụ công"),
            message("Thời hạn"),
            message("Trực tuyến"),
        ),
        rows,
        unbroken=(0,),
    )
    say(message("{count:number} thủ tục.", count=len(in_force)))


def _in_force(engine: Engine, on: date) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select procedure_code, procedure_name, field_code, field_name, level, service_level, limit_value,"
                " limit_unit, online_limit_value, online_limit_unit, is_fee_bearing, gives_paper_result, decision,"
                " local_codes, valid_from, valid_to from core.dim_procedure"
                " where not is_inferred and valid_from <= :day and :day < valid_to order by procedure_code"
            ),
            {"day": on},
        ).mappings()
        return [dict(row) for row in rows]
