"""Complete lists ask for those they miss when they are taken in; none waits for it any more."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0032_asking_lists"
down_revision = "0031_month_rule_sets"


def upgrade() -> None:
    """Runs asking_lists/*.sql."""
    run_folder(Path(__file__).with_name("asking_lists"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
