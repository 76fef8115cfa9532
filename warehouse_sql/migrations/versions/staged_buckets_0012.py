"""Which buckets a fold has staged, and which flags the gate gave: looked up instead of searched for."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0012_staged_buckets"
down_revision = "0011_reader_version"


def upgrade() -> None:
    """Runs staged_buckets/*.sql."""
    run_folder(Path(__file__).with_name("staged_buckets"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
