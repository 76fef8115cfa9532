"""What revisions have in common: their statements stand in a folder beside them, and none is taken back."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_script, statements_of


def run_folder(folder: Path) -> None:
    """Runs its *.sql in the order of their names."""
    connection = op.get_bind()
    for file in sorted(folder.glob("*.sql")):
        run_script(connection, statements_of(file.read_text(encoding="utf-8")))


def refuse_downgrade() -> None:
    """NotImplementedError: restore a backup, or rebuild from the archive."""
    raise NotImplementedError(
        message("Không hạ phiên bản kho; hãy khôi phục bản sao lưu hoặc dùng motcua warehouse rebuild.")
    )
