"""What an exported folder promises, as a data contract: Open Data Contract Standard (ODCS), version 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.given.texts import without_marks

CONTRACT = "datacontract.odcs.yaml"
_LOGICAL = {
    **dict.fromkeys(("smallint", "integer", "bigint"), "integer"),
    **dict.fromkeys(("numeric", "real", "double precision"), "number"),
    **{"boolean": "boolean", "date": "date"},
    **dict.fromkeys(("timestamp without time zone", "timestamp with time zone"), "timestamp"),
}
# Names of ODCS tools for what Parquet holds; a numeric without declared digits is read as a float.
_PHYSICAL = {
    **{
        "smallint": "smallint",
        "integer": "integer",
        "bigint": "bigint",
        "real": "float",
        "boolean": "boolean",
    },
    **{"double precision": "double", "numeric": "double", "date": "date", "time without time zone": "time"},
    **{"timestamp without time zone": "timestamp_ntz", "timestamp with time zone": "timestamp_tz"},
}
_PURPOSE = (
    "Hồ sơ dịch vụ công và các bảng tổng hợp của kho motcua, để phân tích ở nơi khác."
    " Dossiers of public services and their aggregates, out of a motcua warehouse, to be analysed elsewhere."
)
_LIMITS = (
    "Không có tên, số điện thoại, giấy tờ hay địa chỉ của người dân. Mọi con số về thời hạn nêu theo bộ quy tắc (rule_set)."
    " No names, telephone numbers, papers or addresses of citizens. Figures on time limits are given by rule set."
)


@dataclass(frozen=True)
class Table:
    """A table or view as PostgreSQL describes it: columns have name, type, required and description."""

    name: str
    description: str
    columns: list[dict[str, Any]]

    @property
    def folder(self) -> str:
        """core.fct_dossier lies in core_fct_dossier, vi."Hồ sơ" in vi_ho_so: names that every program takes for a table."""
        return without_marks(self.name.lower()).replace(".", "_").replace(" ", "_")


def contract_of(tables: Sequence[Table]) -> dict[str, Any]:
    """Returns the contract of a folder that holds these tables."""
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "urn:motcua:export",
        "name": "motcua",
        "version": "1.0.0",
        "status": "active",
        "description": {"purpose": _PURPOSE, "limitations": _LIMITS},
        "servers": [
            {"server": "folder", "type": "local", "path": "./{model}/*.parquet", "format": "parquet"},
        ],
        "schema": [
            {
                "name": table.folder,
                "physicalName": table.folder,
                "physicalType": "table",
                "logicalType": "object",
                "description": table.description,
                "properties": [_property(column) for column in table.columns],
            }
            for table in tables
        ],
    }


def _property(column: dict[str, Any]) -> dict[str, Any]:
    described = {"description": column["description"]} if column["description"] else {}
    return {"name": column["name"], **_type(column["type"]), "required": column["required"], **described}


def _type(kind: str) -> dict[str, Any]:
    if kind.endswith("[]"):
        return {"logicalType": "array", "items": {"name": "item", **_type(kind[:-2])}}
    name = kind.partition("(")[0]
    physical = kind if kind != name and name == "numeric" else _PHYSICAL.get(name, "varchar")
    return {"logicalType": _LOGICAL.get(name, "string"), "physicalType": physical}
