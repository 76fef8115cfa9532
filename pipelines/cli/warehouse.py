"""`motcua warehouse`: where it is, its schema, and the proof that it can be made again from the archive."""

from __future__ import annotations

import typer

from assets.given.archive import Archive
from assets.given.vietnamese import number
from assets.rebuild import compare_with_rebuilt, finish_waiting, rebuild
from pipelines.cli.console import LOCK_WAIT_SECONDS, errors, open_warehouse, out, progress_bars
from pipelines.settings import Settings
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.migrate import migrate
from warehouse_sql.warehouse import open_engine, run_lock, side_database

app = typer.Typer(help="Kho dữ liệu: địa chỉ, cấu trúc, dựng lại từ kho lưu.", no_args_is_help=True)


@app.command("url")
def url() -> None:
    """In địa chỉ kết nối của kho; máy chủ nhúng được khởi động và chạy tiếp đến khi “warehouse stop”."""
    settings = Settings()
    print(settings.warehouse_url or embedded_url(settings.root, keep=True))


@app.command("stop")
def stop() -> None:
    """Dừng máy chủ nhúng."""
    stop_embedded(Settings().root)


@app.command("migrate")
def upgrade() -> None:
    """Đưa cấu trúc kho lên bản mới nhất."""
    applied = migrate(open_engine(Settings().url()))
    out.print("Đã cập nhật: " + ", ".join(applied) + "." if applied else "Cấu trúc kho đã là mới nhất.")


@app.command("rebuild")
def remake() -> None:
    """Dựng lại toàn bộ kho từ kho lưu; thời điểm tệp đến được giữ nguyên."""
    settings = Settings()
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS), progress_bars() as told:
        intake = rebuild(
            engine, Archive(settings.archive), settings.source_list(), told, settings.office_files()
        )
    out.print(
        f"Đã dựng lại từ {number(intake.files_loaded)} tệp, {number(intake.files_failed)} tệp không đọc được."
    )
    for line in intake.errors:
        errors.print(f"Không đọc được: {line}", markup=False)


@app.command("check")
def check() -> None:
    """So kho đang dùng với kho dựng lại từ kho lưu; mã thoát 1 khi khác nhau."""
    settings = Settings()
    engine = open_warehouse(settings)
    with (
        run_lock(engine, LOCK_WAIT_SECONDS),
        side_database(engine, "check") as beside,
        progress_bars() as told,
    ):
        finish_waiting(engine, told)
        migrate(beside)
        found = compare_with_rebuilt(
            engine, beside, Archive(settings.archive), settings.source_list(), told, settings.office_files()
        )
    for one in found:
        verdict = "giống" if one.is_equal else f"KHÁC (dựng lại: {number(one.rebuilt_rows)} dòng)"
        out.print(f"{one.table}: {number(one.live_rows)} dòng, {verdict}")
    if not all(one.is_equal for one in found):
        raise typer.Exit(1)
