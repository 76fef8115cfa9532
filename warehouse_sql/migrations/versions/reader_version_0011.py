"""Which version of the readers read a file: what older ones did not read is read again from the archive."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0011_reader_version"
down_revision = "0010_issued_form"


def upgrade() -> None:
    """Runs reader_version/*.sql."""
    run_folder(Path(__file__).with_name("reader_version"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
