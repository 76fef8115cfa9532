"""Dossiers that fall due are kept by day, unit and sector."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0028_daily_due"
down_revision = "0027_first_flagged"


def upgrade() -> None:
    """Runs daily_due/*.sql."""
    run_folder(Path(__file__).with_name("daily_due"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
