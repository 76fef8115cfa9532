"""Dossiers of a unit are looked up by when they ended."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0029_ended_together"
down_revision = "0028_daily_due"


def upgrade() -> None:
    """Runs ended_together/*.sql."""
    run_folder(Path(__file__).with_name("ended_together"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
