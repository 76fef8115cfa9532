"""Schema of the views under Vietnamese headings."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0018_vi_schema"
down_revision = "0017_login_units"


def upgrade() -> None:
    """Runs vi_schema/*.sql."""
    run_folder(Path(__file__).with_name("vi_schema"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
