"""Which units a login is limited to."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0017_login_units"
down_revision = "0016_cautions"


def upgrade() -> None:
    """Runs login_units/*.sql."""
    run_folder(Path(__file__).with_name("login_units"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
