"""The first schema: landing, history, core, mart and ops."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    """Runs first/*.sql."""
    run_folder(Path(__file__).with_name("first"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
