"""Of rows with flags the first of each rule are kept for the audit."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0027_first_flagged"
down_revision = "0026_source_names"


def upgrade() -> None:
    """Runs first_flagged/*.sql."""
    run_folder(Path(__file__).with_name("first_flagged"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
