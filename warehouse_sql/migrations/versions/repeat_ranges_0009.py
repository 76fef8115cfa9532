"""Repeats of complete lists as ranges: a row for each stretch of lists, not for each dossier and list."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0009_repeat_ranges"
down_revision = "0008_known_facts"


def upgrade() -> None:
    """Runs repeat_ranges/*.sql."""
    run_folder(Path(__file__).with_name("repeat_ranges"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
