"""Dossiers under several codes, and those that waited or had ended and went on, are folded again."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0033_several_codes"
down_revision = "0032_asking_lists"


def upgrade() -> None:
    """Runs several_codes/*.sql."""
    run_folder(Path(__file__).with_name("several_codes"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
