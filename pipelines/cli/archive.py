"""`motcua archive`: how long exports are kept as they came."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from pipelines.cli.console import LOCK_WAIT_SECONDS, agreed, open_warehouse, say
from pipelines.settings import Settings, variable_of
from warehouse_sql.messages import message
from warehouse_sql.run_lock import run_lock

app = typer.Typer(help="Kho lưu tệp gốc: thời hạn giữ.", no_args_is_help=True)


@app.callback()
def archive() -> None:
    """Kho lưu tệp gốc: thời hạn giữ."""


@app.command("prune")
def prune_old(
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            min=1,
            help="Số ngày kể từ khi tệp đến (mặc định: MOTCUA_ARCHIVE_KEPT_DAYS).",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ xóa gì và mất gì.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Xóa mà không hỏi lại.")] = False,
) -> None:
    """Xóa tệp gốc đã quá thời hạn giữ; cho biết trước những gì sẽ không làm được nữa. Số liệu trong kho không đổi."""
    from assets.exports.archive_prune import consequences, plan_prune, prune
    from assets.exports.archived import note_register
    from assets.exports.intake import now
    from assets.given.archive import Archive
    from assets.sources.canonical import READER_VERSION

    settings = Settings()
    days = older_than or settings.archive_kept_days
    if days is None:
        raise typer.BadParameter(
            message(
                "Chưa định thời hạn giữ; hãy đặt {variable} hoặc thêm --older-than.",
                variable=variable_of("archive_kept_days"),
            )
        )
    engine = open_warehouse(settings)
    kept = Archive(settings.archive)
    with run_lock(engine, LOCK_WAIT_SECONDS):
        note_register(engine, kept)
        plan = plan_prune(engine, kept, now() - timedelta(days=days), READER_VERSION)
        if not plan.hashes:
            say(message("Không có tệp nào đến trước {before:instant} trong kho lưu.", before=plan.before))
            return
        say(
            message(
                "{count:number} tệp gốc đến trước {before:instant} ({megabytes:decimal} MB) sẽ bị xóa. Sau đó không làm được"
                " nữa:",
                count=len(plan.hashes),
                before=plan.before,
                megabytes=plan.size_bytes / 1_000_000,
            )
        )
        for sentence in consequences(plan):
            say(message("- {sentence}", sentence=sentence))
        say(message("Số liệu, báo cáo đã lập và “report verify” không cần các tệp này."))
        if dry_run or not (yes or agreed(message("Xóa các tệp này khỏi kho lưu?"))):
            return
        prune(kept, plan)
    say(message("Đã xóa {count:number} tệp khỏi kho lưu.", count=len(plan.hashes)))
