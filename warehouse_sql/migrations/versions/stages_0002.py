"""Stages and edits of dossiers, kept as facts; a warehouse that has dossiers derives them at its next run."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0002_stages"
down_revision = "0001_first"


def upgrade() -> None:
    """Runs stages/*.sql."""
    run_folder(Path(__file__).with_name("stages"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
