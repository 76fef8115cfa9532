"""What the parts of a run took that workers did."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0021_run_parts"
down_revision = "0020_board_accounts"


def upgrade() -> None:
    """Runs run_parts/*.sql."""
    run_folder(Path(__file__).with_name("run_parts"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
