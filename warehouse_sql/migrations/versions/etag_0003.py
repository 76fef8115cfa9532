"""The ETag of a file, by which a web server that says no time tells one content from another."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0003_etag"
down_revision = "0002_stages"


def upgrade() -> None:
    """Runs etag/*.sql."""
    run_folder(Path(__file__).with_name("etag"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
