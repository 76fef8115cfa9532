"""`motcua warehouse`: where it is, its schema, and the proof that it can be made again from the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine

from assets.exports.clock_ahead import counted_sentence
from assets.given.archive import Archive
from pipelines.cli.backup import backup, restore
from pipelines.cli.console import LOCK_WAIT_SECONDS, open_warehouse, progress_bars, say, warn
from pipelines.cli.logins import grant, revoke, serve
from pipelines.settings import Settings
from warehouse_sql.distribute import distribute
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.masking import masked
from warehouse_sql.messages import message
from warehouse_sql.migrate import migrate, missing_rights
from warehouse_sql.roles import dba_sentence
from warehouse_sql.run_lock import run_lock
from warehouse_sql.side_database import side_database

if TYPE_CHECKING:
    from assets.dimensions.members import KeysWithoutMember
    from assets.rebuild import Comparison

app = typer.Typer(
    help="Kho dữ liệu: địa chỉ, cấu trúc, dựng lại từ kho lưu, sao lưu và khôi phục.", no_args_is_help=True
)


@app.command("url")
def url(
    show_password: Annotated[
        bool, typer.Option("--show-password", help="In cả người dùng và mật khẩu; không để lộ ra ngoài.")
    ] = False,
) -> None:
    """In địa chỉ kết nối của kho, người dùng và mật khẩu được che; máy chủ nhúng được khởi động và chạy tiếp đến khi
    “warehouse stop”."""
    settings = Settings()
    address = settings.warehouse_url or embedded_url(settings.root, keep=True)
    print(address if show_password else masked(address))


@app.command("stop")
def stop() -> None:
    """Dừng máy chủ nhúng."""
    stop_embedded(Settings().root)


@app.command("migrate")
def upgrade() -> None:
    """Đưa cấu trúc kho và nơi Dagster ghi các lần chạy lên bản mới nhất."""
    from pipelines.dagster_home import prepare_dagster_home
    from pipelines.dagster_records import upgrade_records

    settings = Settings()
    url = settings.warehouse_url or embedded_url(settings.root, mend=True)
    engine = open_engine(url)
    applied = migrate(engine, settings.warehouse_role_prefix())
    if applied:
        say(message("Đã cập nhật: {revisions}.", revisions=", ".join(applied)))
    else:
        say(message("Cấu trúc kho đã là mới nhất."))
    if missing := missing_rights(engine, settings.warehouse_role_prefix()):
        warn(dba_sentence(missing, engine.url.database or ""))
    _print_clock_ahead(engine)
    upgrade_records(prepare_dagster_home(settings))


def _print_clock_ahead(engine: Engine) -> None:
    """Files of an older version whose export time can't be."""
    with engine.connect() as connection:
        sentence = counted_sentence(connection)
    if sentence:
        warn(message("Lưu ý: {line}", line=sentence))


@app.command("distribute")
def lay_out(
    parts: Annotated[
        int, typer.Option("--parts", min=1, max=4096, help="Mỗi bảng lớn được chia thành bao nhiêu phần.")
    ] = 32,
) -> None:
    """Trải kho ra các máy chủ của Citus: lịch sử và số liệu theo mã hồ sơ, danh mục chép ở mọi máy. Chạy lại chỉ trải bảng
    mới."""
    settings = Settings()
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS):
        tables = distribute(engine, parts, settings.warehouse_role_prefix())
    if tables:
        say(message("Đã trải {count:number} bảng ra các máy chủ.", count=len(tables)))
    else:
        say(message("Mọi bảng đã ở đúng máy chủ."))


@app.command("rebuild")
def remake(
    allow_missing: Annotated[
        bool,
        typer.Option(
            "--allow-missing",
            help="Dựng lại dù một số tệp đã nhận không còn trong kho lưu; những gì các tệp đó nói sẽ mất.",
        ),
    ] = False,
) -> None:
    """Dựng lại toàn bộ kho từ kho lưu; thời điểm tệp đến được giữ nguyên."""
    from assets.rebuild import rebuild

    settings = Settings()
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS), progress_bars() as progress:
        intake = rebuild(
            engine,
            Archive(settings.archive),
            settings.source_list(),
            progress,
            settings.office_files(),
            allow_missing,
        )
    say(
        message(
            "Đã dựng lại từ {files_loaded:number} tệp, {files_failed:number} tệp chưa nhận.",
            files_loaded=intake.files_loaded,
            files_failed=intake.files_failed,
        )
    )
    for line in intake.errors:
        warn(message("Chưa nhận: {line}", line=line))


app.command("serve")(serve)
app.command("grant")(grant)
app.command("revoke")(revoke)
app.command("backup")(backup)
app.command("restore")(restore)


@app.command("check")
def check() -> None:
    """So kho đang dùng với kho dựng lại từ kho lưu, và tìm khóa còn thiếu; mã thoát 1 khi khác nhau hoặc thiếu khóa."""
    from assets.dimensions.members import keys_without_member
    from assets.exports.archived import require_bytes
    from assets.rebuild import compare_with_rebuilt, finish_waiting
    from quality.published import check_all_published

    settings = Settings()
    engine = open_warehouse(settings)
    archive = Archive(settings.archive)
    require_bytes(engine, archive)
    with (
        run_lock(engine, LOCK_WAIT_SECONDS),
        side_database(engine, "check") as rebuilt,
        progress_bars() as progress,
    ):
        finish_waiting(engine, progress)
        migrate(rebuilt)
        differences = compare_with_rebuilt(
            engine,
            rebuilt,
            archive,
            settings.source_list(),
            progress,
            settings.office_files(),
        )
        with engine.begin() as connection:
            findings = check_all_published(connection)
            missing = keys_without_member(connection)
    _say_differences(differences)
    _say_findings({rule_id: each.count for rule_id, each in findings.items() if each.count})
    _say_keys(missing)
    is_equal = all(difference.is_equal for difference in differences)
    if not is_equal:
        _print_clock_ahead(engine)
    if missing or not is_equal:
        raise typer.Exit(1)


def _say_differences(differences: Sequence[Comparison]) -> None:
    for difference in differences:
        verdict = (
            message("giống")
            if difference.is_equal
            else message("KHÁC (dựng lại: {rebuilt_rows:number} dòng)", rebuilt_rows=difference.rebuilt_rows)
        )
        say(
            message(
                "{table}: {live_rows:number} dòng, {verdict}",
                table=difference.table,
                live_rows=difference.live_rows,
                verdict=verdict,
            )
        )


def _say_findings(failing: Mapping[str, int]) -> None:
    say(
        message(
            "Quy tắc trên số liệu đã công bố, xem lại mọi hồ sơ: {count:number} lượt cần xem ({rules}).",
            count=sum(failing.values()),
            rules=", ".join(f"{rule_id}: {count}" for rule_id, count in failing.items()),
        )
        if failing
        else message("Quy tắc trên số liệu đã công bố, xem lại mọi hồ sơ: không có gì cần xem.")
    )


def _say_keys(missing: Sequence[KeysWithoutMember]) -> None:
    for each in missing:
        say(
            message(
                "{table}: {rows:number} dòng mang khóa không có trong {dimension}; hãy dựng lại kho bằng “motcua warehouse"
                " rebuild”.",
                table=each.table,
                rows=each.rows,
                dimension=each.dimension,
            )
        )
    if not missing:
        say(message("Khóa tới đơn vị, thủ tục và tệp: không thiếu khóa nào."))
