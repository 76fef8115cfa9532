"""The computed parts of an issued document."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0025_report_parts"
down_revision = "0024_checklist"


def upgrade() -> None:
    """Runs report_parts/*.sql."""
    run_folder(Path(__file__).with_name("report_parts"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
