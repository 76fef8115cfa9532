"""Whether facts refer to members of their dimensions is asked for all rows of a run at once."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0030_members_by_sets"
down_revision = "0029_ended_together"


def upgrade() -> None:
    """Runs members_by_sets/*.sql."""
    run_folder(Path(__file__).with_name("members_by_sets"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
