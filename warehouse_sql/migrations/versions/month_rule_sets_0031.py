"""Months that are the same under several rule sets are one row with the set of them."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0031_month_rule_sets"
down_revision = "0030_members_by_sets"


def upgrade() -> None:
    """Runs month_rule_sets/*.sql."""
    run_folder(Path(__file__).with_name("month_rule_sets"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
