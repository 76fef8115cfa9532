"""Which dossiers a fold has in which bucket: a worker in another process finds them there."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0014_bucket_dossiers"
down_revision = "0013_run_steps"


def upgrade() -> None:
    """Runs bucket_dossiers/*.sql."""
    run_folder(Path(__file__).with_name("bucket_dossiers"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
