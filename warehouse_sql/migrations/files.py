"""What revisions have in common: their statements stand in a folder beside them, and none is taken back."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_script, statements_of


def run_folder(folder: Path) -> None:
    """Runs its *.sql in the order of their names."""
    connection = op.get_bind()
    for file in sorted(folder.glob("*.sql")):
        run_script(connection, statements_of(file.read_text(encoding="utf-8")))


#: Where an attribute of dossiers is kept: at the gate, in history, and in the facts as known now, before, and in the making.
OF_AN_ATTRIBUTE = (
    *("landing.staged_row", "history.dossier_version"),
    *("core.fct_dossier", "core.fct_dossier_past", "core.staged_fct_dossier"),
)


def keep_attribute(name: str, sql_type: str, meaning: str) -> None:
    """Adds what portals state of a dossier to every table that keeps it; `meaning` is that of assets/sources/canonical.py."""
    run_script(
        op.get_bind(),
        (
            statement
            for table in OF_AN_ATTRIBUTE
            for statement in (
                f"alter table {table} add column {name} {sql_type}",
                f"comment on column {table}.{name} is '{meaning}.'",
            )
        ),
    )


def refuse_downgrade() -> None:
    """NotImplementedError: restore a backup, or rebuild from the archive."""
    raise NotImplementedError(
        message("Không hạ phiên bản kho; hãy khôi phục bản sao lưu hoặc dùng motcua warehouse rebuild.")
    )
