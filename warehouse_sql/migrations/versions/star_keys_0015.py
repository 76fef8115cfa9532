"""Surrogate keys in every mart table, and foreign keys from facts and marts to their dimensions."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0015_star_keys"
down_revision = "0014_bucket_dossiers"


def upgrade() -> None:
    """Runs star_keys/*.sql."""
    run_folder(Path(__file__).with_name("star_keys"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
