"""Names of sources in English."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0026_source_names"
down_revision = "0025_report_parts"


def upgrade() -> None:
    """Runs source_names/*.sql."""
    run_folder(Path(__file__).with_name("source_names"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
