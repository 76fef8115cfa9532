"""Clock times given with dates, and other codes of dossiers: columns of statements, filled by what is read from now on."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0007_clock_given"
down_revision = "0006_clock_ahead"


def upgrade() -> None:
    """Runs clock_given/*.sql."""
    run_folder(Path(__file__).with_name("clock_given"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
