"""Indexes of dossiers that are open or wait to be handed over."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0022_waiting_dossiers"
down_revision = "0021_run_parts"


def upgrade() -> None:
    """Runs waiting_dossiers/*.sql."""
    run_folder(Path(__file__).with_name("waiting_dossiers"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
