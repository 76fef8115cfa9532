"""${message}"""

from __future__ import annotations

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}"""


def downgrade() -> None:
    """Not offered: restore a backup, or rebuild from the archive."""
    raise NotImplementedError("Không hạ phiên bản kho; hãy khôi phục bản sao lưu hoặc dùng motcua warehouse rebuild.")
