"""How each dossier stands under each rule set, among its facts."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0023_timeliness"
down_revision = "0022_waiting_dossiers"


def upgrade() -> None:
    """Runs timeliness/*.sql."""
    run_folder(Path(__file__).with_name("timeliness"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
