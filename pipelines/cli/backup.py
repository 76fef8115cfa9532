"""`motcua warehouse backup` and `restore`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import LOCK_WAIT_SECONDS, open_warehouse, say, warn
from pipelines.settings import Settings
from warehouse_sql.messages import message
from warehouse_sql.run_lock import run_lock

if TYPE_CHECKING:
    from assets.backup import Backup


def backup(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Thư mục của bản sao lưu này; chưa được có.", show_default=False),
    ],
    with_archive: Annotated[
        bool,
        typer.Option(
            "--with-archive",
            help="Chép cả kho lưu tệp gốc (có họ tên người dân); nếu không, bản sao lưu chỉ trỏ tới kho lưu.",
        ),
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default=False,
            help="Giữ N bản mới nhất trong cùng thư mục: khi bản này đã đủ và đúng, xóa các bản cũ hơn cũng tạo bằng --keep.",
        ),
    ] = None,
) -> None:
    """Sao lưu kho: mọi bảng, kể cả những gì người dùng đã nhập; trọn vẹn hoặc không có gì."""
    from assets.backup import write_backup
    from assets.given.archive import Archive

    settings = Settings()
    engine = open_warehouse(settings)
    with run_lock(engine, LOCK_WAIT_SECONDS):
        written = write_backup(
            engine,
            Archive(settings.archive),
            folder,
            office=settings.given_files(),
            role_prefix=settings.warehouse_role_prefix(),
            is_embedded=not settings.warehouse_url,
            with_archive=with_archive,
            keep=keep,
        )
        removed = _make_room(written, keep) if keep else []
    say(
        message(
            "Đã sao lưu vào {folder}: {rows:number} dòng, dấu kiểm {digest}.",
            folder=written.folder,
            rows=sum(content.rows for content in written.contents.values()),
            digest=written.digest[:16],
        )
    )
    if removed:
        say(
            message(
                "Đã xóa {count:number} bản sao lưu cũ: {folders}.",
                count=len(removed),
                folders=", ".join(removed),
            )
        )
    if not with_archive:
        warn(
            message(
                "Bản sao lưu không chứa kho lưu tệp gốc ({archive}); hãy sao chép riêng thư mục đó, hoặc thêm"
                " --with-archive.",
                archive=settings.archive,
            )
        )


def _make_room(written: Backup, keep: int) -> list[str]:
    """Returns the names of backups that were removed. What can't be removed is worth no failed backup."""
    from assets.backup import remove_older

    try:
        return [folder.name for folder in remove_older(written, keep)]
    except OSError as error:
        warn(
            message(
                "Không xóa được bản sao lưu cũ trong {folder} ({reason}); hãy kiểm tra quyền ghi hoặc tự xóa.",
                folder=written.folder.parent,
                reason=error.strerror or str(error),
            )
        )
        return []


def restore(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Thư mục của một bản sao lưu.", show_default=False)
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Thay toàn bộ nội dung kho đang có bằng bản sao lưu.")
    ] = False,
) -> None:
    """Khôi phục kho từ bản sao lưu; kho đã có dữ liệu thì chỉ khi thêm --replace."""
    from assets.backup import BackupError, missing_bytes, open_backup, restore_archive
    from assets.given.archive import Archive
    from warehouse_sql.dump_programs import dump_program
    from warehouse_sql.engine import check_server, open_engine
    from warehouse_sql.migrate import migrate
    from warehouse_sql.restore import Wanted, grant_memberships, is_empty, restore_warehouse
    from warehouse_sql.roles import roles_of

    settings = Settings()
    given = open_backup(folder)
    # Reads the dump on this machine: any that is as new as the one that wrote it.
    program = dump_program("pg_restore", given.dump_version, is_embedded=False)
    engine = open_engine(settings.url())
    check_server(engine)
    archive = Archive(settings.archive)
    prefix = settings.warehouse_role_prefix()
    with run_lock(engine, LOCK_WAIT_SECONDS):
        if not replace and not is_empty(engine):
            raise BackupError(
                message(
                    "Kho đã có dữ liệu nên chưa khôi phục gì; hãy chọn kho trống, hoặc thêm --replace để thay toàn bộ nội"
                    " dung kho bằng bản sao lưu."
                )
            )
        brought = restore_archive(given, archive)
        restore_warehouse(engine, program, given.dump, Wanted(given.revision, given.contents))
        migrate(engine, prefix)
        with engine.connect() as connection:
            roles = roles_of(connection, prefix)
        left = grant_memberships(engine, roles, given.members)
    say(
        message(
            "Đã khôi phục bản sao lưu lúc {made_at:instant}: {rows:number} dòng, dấu kiểm {digest}; {files:number} tệp"
            " được đưa về kho lưu.",
            made_at=given.made_at.astimezone(),
            rows=sum(content.rows for content in given.contents.values()),
            digest=given.digest[:16],
            files=brought,
        )
    )
    _print_what_is_left(left, given.office_files, given.folder)
    if missing := missing_bytes(engine, archive):
        warn(
            message(
                "Kho lưu {archive} thiếu {count:number} tệp đã nhận; hãy chép kho lưu về thư mục đó.",
                archive=archive.root,
                count=missing,
            )
        )


def _print_what_is_left(statements: list[str], office_files: Mapping[str, str], folder: Path) -> None:
    """What a restore can't do by itself: logins of people, and where the office keeps its own files."""
    if statements:
        warn(
            message(
                "Các tài khoản này chưa được vào nhóm của kho; nhờ người quản trị máy chủ chạy: {statements}",
                statements=" ".join(f"{statement};" for statement in statements),
            )
        )
    for variable, file in office_files.items():
        warn(
            message(
                "Tệp của cơ quan lúc sao lưu là {file}; hãy chép về chỗ của nó và đặt {variable}.",
                file=folder / file,
                variable=variable,
            )
        )
