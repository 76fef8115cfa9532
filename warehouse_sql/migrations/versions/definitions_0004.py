"""Rule sets, indicators, statuses and channels in English too; their rows come from core/definitions/."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0004_definitions"
down_revision = "0003_etag"


def upgrade() -> None:
    """Runs definitions/*.sql."""
    run_folder(Path(__file__).with_name("definitions"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
