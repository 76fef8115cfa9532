"""Tables that hold several rule sets say so before anything else."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0016_cautions"
down_revision = "0015_star_keys"


def upgrade() -> None:
    """Runs cautions/*.sql."""
    run_folder(Path(__file__).with_name("cautions"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
