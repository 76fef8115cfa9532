"""Accounts of the board, and who looked at which dossier's card."""

from __future__ import annotations

from pathlib import Path

from warehouse_sql.migrations.files import refuse_downgrade, run_folder

revision = "0020_board_accounts"
down_revision = "0019_plain_words"


def upgrade() -> None:
    """Runs board_accounts/*.sql."""
    run_folder(Path(__file__).with_name("board_accounts"))


def downgrade() -> None:
    """Not offered."""
    refuse_downgrade()
