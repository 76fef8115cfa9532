"""Files with an export time later than their arrival: those that an older version took in are marked, no figure changes."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0006_clock_ahead"
down_revision = "0005_attributes"


def upgrade() -> None:
    """Runs clock_ahead/*.sql."""
    run_folder(Path(__file__).with_name("clock_ahead"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
