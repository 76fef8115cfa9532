"""`motcua run`: every new file taken in, everything brought up to date."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assets.given.vietnamese import number
from pipelines.cli.console import errors, out, progress_bars
from pipelines.run import RunResult, run_daily
from pipelines.settings import Settings

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
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Nhận mọi tệp mới và cập nhật toàn bộ kho; chạy lại không thay đổi gì."""
    _check_accepted(accept or [])
    with progress_bars(quiet=as_json) as told:
        result = run_daily(
            Settings(),
            landing=landing,
            arrived_when_exported=arrived_when_exported,
            accepted=accept or [],
            progress=told,
        )
    if as_json:
        print(json.dumps(as_dict(result), ensure_ascii=False))
    else:
        tell(result)
    if not result.ok:
        errors.print(f"Lỗi: {result.error}", markup=False)
        raise typer.Exit(_STOPPED_BY_GATE if result.is_stopped_by_gate else 1)


def _check_accepted(rules: list[str]) -> None:
    from quality.catalogue import staged_rules

    blocking = [rule.id for rule in staged_rules("block")]
    for rule in rules:
        if rule not in blocking:
            known = f"chỉ có: {', '.join(blocking)}" if blocking else "danh mục không có quy tắc chặn nào"
            raise typer.BadParameter(f"--accept “{rule}” không phải là quy tắc chặn; {known}.")


def as_dict(result: RunResult) -> dict[str, object]:
    """The result as plain values."""
    return {
        "ok": result.ok,
        "error": result.error,
        "run_id": result.run_id,
        **vars(result.intake),
        "dossiers_derived": result.dossiers_derived,
        "covered_through": result.covered_through.isoformat() if result.covered_through else None,
    }


def tell(result: RunResult) -> None:
    """The result in a few lines."""
    intake = result.intake
    out.print(
        f"Tệp: {number(intake.files_loaded)} mới, {number(intake.files_known)} đã có, "
        f"{number(intake.files_failed)} không đọc được."
    )
    if intake.rows_read:
        out.print(
            f"Dòng: {number(intake.rows_read)} đọc = {number(intake.rows_loaded)} nạp"
            f" + {number(intake.rows_unchanged)} không đổi + {number(intake.rows_duplicate)} trùng"
            f" + {number(intake.rows_quarantined)} cách ly."
        )
    if result.covered_through:
        out.print(
            f"Hồ sơ dựng lại: {number(result.dossiers_derived)}. "
            f"Số liệu đến hết ngày {result.covered_through:%d/%m/%Y}."
        )
    for line in intake.errors:
        errors.print(f"Không đọc được: {line}", markup=False)
    for path in intake.left_for_next_run:
        errors.print(f"Để lần sau (tệp đang ghi): {path}", markup=False)
    for line in intake.remarks[:_SHOWN_REMARKS]:
        errors.print(f"Lưu ý: {line}", markup=False)
    if len(intake.remarks) > _SHOWN_REMARKS:
        rest = len(intake.remarks) - _SHOWN_REMARKS
        errors.print(f"… và {rest} lưu ý khác, xem cột remarks của landing.export_file.", markup=False)
