"""Old exports removed from the archive, which alone holds citizens' names; what was read of them stays in the warehouse.

Here: which files these are, what can't be done without them, and removing them. Not here: how long they are kept
(`pipelines/settings.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from assets.given.archive import Archive
from assets.given.manifest import note_pruned
from warehouse_sql.boundaries import reached
from warehouse_sql.messages import Message, message
from warehouse_sql.sql_files import statements_of_file


@dataclass(frozen=True)
class PrunePlan:
    """Files that arrived before a moment, and what depends on them.

    `refused_rows` still wait in quarantine, `refused_files` for a person's decision on their clock, `unread_files` for being
    read again by this version; `never_taken_in` are not in the register at all.
    """

    before: datetime
    hashes: Sequence[str]
    size_bytes: int
    refused_rows: int
    refused_files: int
    unread_files: int
    never_taken_in: int


def plan_prune(engine: Engine, archive: Archive, before: datetime, reader_version: int) -> PrunePlan:
    """Returns what pruning would remove: contents that arrived last before that moment; nothing is changed.

    Catalogues are kept, and files that a rebuild has still to read.
    """
    values = {"before": before, "reader_version": reader_version}
    with engine.connect() as connection:
        rows = connection.execute(text(statements_of_file("landing/prunable_file.sql")[0]), values).all()
        catalogues = connection.execute(text("select sha256 from core.catalogue_import")).scalars().all()
        known = connection.execute(text("select sha256 from landing.export_file")).scalars().all()
    old = [row for row in rows if archive.has(row.sha256)]
    unknown = [
        sha256
        for sha256 in sorted(set(archive.hashes()) - {*known, *catalogues})
        if archive.path_of(sha256).stat().st_mtime < before.timestamp()
    ]
    hashes = [*(row.sha256 for row in old if row.sha256 not in catalogues), *unknown]
    return PrunePlan(
        before=before,
        hashes=hashes,
        size_bytes=sum(archive.path_of(sha256).stat().st_size for sha256 in hashes),
        refused_rows=sum(row.refused_rows for row in old),
        refused_files=sum(row.refused_files for row in old),
        unread_files=sum(row.unread_files for row in old),
        never_taken_in=len(unknown),
    )


def prune(archive: Archive, plan: PrunePlan) -> None:
    """Removes the files, after it is noted that this is on purpose; the run lock is held by the caller.

    Cut off on the way, it is ended by the next one.
    """
    note_pruned(archive.root, plan.hashes, datetime.now(UTC))
    for sha256 in plan.hashes:
        reached("archive.prune_noted")
        archive.path_of(sha256).unlink(missing_ok=True)


def consequences(plan: PrunePlan) -> list[Message]:
    """Returns what can't be done any more with these files, a sentence each."""
    count = len(plan.hashes)
    sentences = [
        message(
            "“warehouse rebuild” và “warehouse check” từ kho lưu: sẽ dừng vì thiếu {count:number} tệp này, trừ khi dựng lại"
            " không có chúng; từ đó chỉ bản sao lưu (“warehouse backup”) mới khôi phục được kho.",
            count=count,
        ),
        message("Đọc lại sau khi nâng cấp motcua: điều mà bản mới đọc thêm sẽ không có ở các tệp này."),
    ]
    if plan.unread_files:
        sentences.append(
            message(
                "{count:number} tệp trong số đó đang chờ bản này đọc lại; hãy chạy “motcua run” trước.",
                count=plan.unread_files,
            )
        )
    if plan.refused_rows:
        sentences.append(
            message(
                "{count:number} dòng cách ly chưa xử lý của các tệp này sẽ không nhận lại được bằng “quarantine replay”.",
                count=plan.refused_rows,
            )
        )
    if plan.refused_files:
        sentences.append(
            message(
                "{count:number} tệp bị từ chối vì đồng hồ máy xuất sẽ không cho qua được nữa.",
                count=plan.refused_files,
            )
        )
    if plan.never_taken_in:
        sentences.append(
            message(
                "{count:number} tệp đã lưu nhưng chưa từng được nhận vào kho sẽ mất hẳn.",
                count=plan.never_taken_in,
            )
        )
    return sentences
