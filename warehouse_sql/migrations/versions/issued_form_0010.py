"""Figures of form II.06 as an issue of a report had them, so that another reading of the same files is seen."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0010_issued_form"
down_revision = "0009_repeat_ranges"


def upgrade() -> None:
    """Runs issued_form/*.sql."""
    run_folder(Path(__file__).with_name("issued_form"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
