"""Facts with both times, surrogate keys, and one ledger of events for all rule sets."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0008_known_facts"
down_revision = "0007_clock_given"


def upgrade() -> None:
    """Runs known_facts/*.sql."""
    run_folder(Path(__file__).with_name("known_facts"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
