"""Answers of inspections to what no export tells."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0024_checklist"
down_revision = "0023_timeliness"


def upgrade() -> None:
    """Runs checklist/*.sql."""
    run_folder(Path(__file__).with_name("checklist"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
