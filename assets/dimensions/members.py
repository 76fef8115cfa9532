"""Whether facts refer to members of their dimensions, asked for many rows at once.

A server that checks a foreign key asks for each row by itself: a seventeenth of a first load. From PostgreSQL 18 on these
keys are therefore stated only, and whoever writes facts or takes members away asks here, in the transaction that does so.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message

_UNIT, _PROCEDURE = {"unit_key": "core.dim_unit"}, {"procedure_key": "core.dim_procedure"}
_OF_TABLE: Mapping[str, Mapping[str, str]] = {
    "core.fct_dossier": _UNIT | _PROCEDURE,
    "core.fct_dossier_past": _UNIT | _PROCEDURE,
    "mart.daily_flow": _UNIT,
    "mart.daily_due": _UNIT,
}
_STAGED: Mapping[str, Mapping[str, str]] = {
    "core.staged_fct_dossier": _UNIT | _PROCEDURE,
    "core.staged_fct_dossier_event": _UNIT | _PROCEDURE,
}


def refuse_unknown_members(connection: Connection) -> None:
    """WarehouseError, for the caller to roll back, if facts or flows refer to a unit or procedure that there is not."""
    _refuse(connection, _OF_TABLE, "")


def refuse_unknown_members_of_fold(connection: Connection, run_no: int) -> None:
    """WarehouseError, for the caller to roll back, if what the fold has staged refers to no unit or procedure."""
    _refuse(connection, _STAGED, f" where t.run_no = {run_no:d}")


def _refuse(connection: Connection, tables: Mapping[str, Mapping[str, str]], where: str) -> None:
    for table, columns in tables.items():
        names = ", ".join(f"t.{column}" for column in columns)
        # Few pairs of many rows: whether there are such members is asked for these.
        pairs = connection.execute(text(f"select distinct {names} from {table} as t{where}")).all()
        for place, (column, dimension) in enumerate(columns.items()):
            unknown = connection.execute(
                text(
                    f"select k.key from unnest(cast(:keys as bigint[])) as k (key)"
                    f" where not exists (select 1 from {dimension} as d where d.{column} = k.key) order by 1"
                ),
                {"keys": sorted({pair[place] for pair in pairs})},
            ).scalars()
            if missing := list(unknown):
                raise WarehouseError(
                    message(
                        "{table}.{column} = {key} không có trong {dimension}, chưa ghi gì vào kho; hãy chạy lại, nếu vẫn vậy"
                        " thì báo lỗi này.",
                        table=table,
                        column=column,
                        key=missing[0],
                        dimension=dimension,
                    )
                )
