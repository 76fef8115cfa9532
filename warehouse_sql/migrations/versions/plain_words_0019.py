"""The description of a column in plain words."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0019_plain_words"
down_revision = "0018_vi_schema"


def upgrade() -> None:
    """Runs plain_words/*.sql."""
    run_folder(Path(__file__).with_name("plain_words"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
