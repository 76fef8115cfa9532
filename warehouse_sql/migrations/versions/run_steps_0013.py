"""What each step of a run took: seconds, rows, bytes, memory."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0013_run_steps"
down_revision = "0012_staged_buckets"


def upgrade() -> None:
    """Runs run_steps/*.sql."""
    run_folder(Path(__file__).with_name("run_steps"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
