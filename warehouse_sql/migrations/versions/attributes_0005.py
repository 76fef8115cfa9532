"""How a result is returned, among the facts of a dossier; a warehouse that has dossiers derives them at its next run."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0005_attributes"
down_revision = "0004_definitions"


def upgrade() -> None:
    """Runs attributes/*.sql."""
    run_folder(Path(__file__).with_name("attributes"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
