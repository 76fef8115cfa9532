"""`motcua run`: every new file taken in, everything brought up to date."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli.console import logs, progress_bars, say, warn
from pipelines.cli.language import error_line
from pipelines.run import RunResult, run_daily
from pipelines.settings import Settings
from warehouse_sql.messages import message

_SHOWN_REMARKS = 20
_STOPPED_BY_GATE = 3


def run(
    landing: Annotated[
        str | None, typer.Option(help="Nơi nhận tệp: thư mục hoặc địa chỉ (mặc định MOTCUA_LANDING).")
    ] = None,
    arrived_when_exported: Annotated[
        bool,
        typer.Option(
            "--arrived-when-exported",
            help="Coi tệp đến đúng lúc được xuất, cho lần nạp đầu các tệp cũ.",
        ),
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="Quy tắc chặn đã xem và cho qua trong lần chạy này, nhắc lại được."
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Chạy với N tiến trình đọc tệp và dựng hồ sơ (cần Redis ở MOTCUA_BROKER).",
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Nhận mọi tệp mới và cập nhật toàn bộ kho; chạy lại không thay đổi gì."""
    if accept:
        _check_accepted(accept)
    settings = Settings()
    with logs(settings.log), progress_bars(quiet=as_json) as progress:
        result = run_daily(
            settings,
            landing=landing,
            arrived_when_exported=arrived_when_exported,
            accepted=accept or [],
            workers=workers,
            progress=progress,
            waiting=warn,
        )
    if as_json:
        print(json.dumps(as_dict(result), ensure_ascii=False))
    else:
        print_result(result)
    if not result.ok:
        warn(error_line(result.error or ""), "error")
        raise typer.Exit(_STOPPED_BY_GATE if result.is_stopped_by_gate else 1)


def _check_accepted(rules: list[str]) -> None:
    from quality.catalogue import acceptable_rules

    blocking = acceptable_rules()
    for rule in rules:
        if rule not in blocking:
            known = (
                message("chỉ có: {blocking}", blocking=", ".join(blocking))
                if blocking
                else message("danh mục không có quy tắc chặn nào")
            )
            raise typer.BadParameter(
                message("--accept “{rule}” không phải là quy tắc chặn; {known}.", rule=rule, known=known)
            )


def as_dict(result: RunResult) -> dict[str, object]:
    """Returns the result as values that JSON can hold."""
    return {
        "ok": result.ok,
        "error": result.error,
        "run_id": result.run_id,
        **vars(result.intake),
        "dossiers_derived": result.dossiers_derived,
        "covered_through": result.covered_through.isoformat() if result.covered_through else None,
    }


def print_result(result: RunResult) -> None:
    """The result in a few lines."""
    intake = result.intake
    say(
        message(
            "Tệp: {files_loaded:number} mới, {files_known:number} đã có, {files_failed:number} chưa nhận.",
            files_loaded=intake.files_loaded,
            files_known=intake.files_known,
            files_failed=intake.files_failed,
        )
    )
    if intake.rows_read:
        say(
            message(
                "Dòng: {rows_read:number} đọc = {rows_loaded:number} nạp + {rows_unchanged:number} không đổi + "
                "{rows_duplicate:number} trùng + {rows_quarantined:number} cách ly.",
                rows_read=intake.rows_read,
                rows_loaded=intake.rows_loaded,
                rows_unchanged=intake.rows_unchanged,
                rows_duplicate=intake.rows_duplicate,
                rows_quarantined=intake.rows_quarantined,
            )
        )
    if result.covered_through:
        say(
            message(
                "Hồ sơ dựng lại: {dossiers_derived:number}. Số liệu đến hết ngày {covered_through:day}.",
                dossiers_derived=result.dossiers_derived,
                covered_through=result.covered_through,
            )
        )
    for line in intake.errors:
        warn(message("Chưa nhận: {line}", line=line))
    for path in intake.left_for_next_run:
        warn(message("Để lần sau (tệp đang ghi): {path}", path=path))
    for line in intake.remarks[:_SHOWN_REMARKS]:
        warn(message("Lưu ý: {line}", line=line))
    if len(intake.remarks) > _SHOWN_REMARKS:
        rest = len(intake.remarks) - _SHOWN_REMARKS
        warn(message("… và {count:number} lưu ý khác, xem cột remarks của landing.export_file.", count=rest))
