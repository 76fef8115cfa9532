"""Stages and edits of dossiers, kept as facts; a warehouse that has dossiers derives them at its next run."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warehouse_sql.warehouse import run_script, statements_of

revision = "0002_stages"
down_revision = "0001_first"


def upgrade() -> None:
    """Runs stages/*.sql in the order of their names."""
    connection = op.get_bind()
    for file in sorted(Path(__file__).with_name("stages").glob("*.sql")):
        run_script(connection, statements_of(file.read_text(encoding="utf-8")))


def downgrade() -> None:
    """Not offered: restore a backup, or rebuild from the archive."""
    raise NotImplementedError(
        "Không hạ phiên bản kho; hãy khôi phục bản sao lưu hoặc dùng motcua warehouse rebuild."
    )
