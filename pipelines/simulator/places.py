"""The offices of the made-up world and what people ask of them.

Here: the town of Tịnh Biên and its communes before 1/7/2025, the five communes after, how busy each is and how
apt to be late, and the procedures of the catalogue with their weights. Not here: when anything happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assets.dimensions.procedures import procedure_frame
from assets.dimensions.units import BEGINNING, REFORM

_OLD, _NEW = BEGINNING, REFORM


@dataclass(frozen=True)
class Desk:
    """One desk. `weight` is its share of the volume, `lateness` how apt it is to be late; both relative."""

    unit_code: str  # GSO code
    valid_from: date
    name: str  # as the portals write it
    organisation_code: str
    weight: float
    lateness: float
    is_town: bool = False


# The town takes most. The inspected communes (Nhơn Hưng, An Cư, Vĩnh Trung, Văn Giáo) are the late ones.
PLACES: tuple[Desk, ...] = (
    Desk("890", _OLD, "UBND thị xã Tịnh Biên", "000.00.33.H01", 22.0, 0.55, is_town=True),
    Desk("30502", _OLD, "UBND phường Nhà Bàng", "000.21.33.H01", 7.5, 0.4),
    Desk("30505", _OLD, "UBND phường Chi Lăng", "000.22.33.H01", 6.5, 0.5),
    Desk("30508", _OLD, "UBND phường Núi Voi", "000.23.33.H01", 3.8, 0.2),
    Desk("30511", _OLD, "UBND phường Nhơn Hưng", "000.24.33.H01", 5.2, 3.5),
    Desk("30514", _OLD, "UBND phường An Phú", "000.25.33.H01", 4.6, 0.4),
    Desk("30517", _OLD, "UBND phường Thới Sơn", "000.26.33.H01", 4.4, 0.6),
    Desk("30520", _OLD, "UBND phường Tịnh Biên", "000.27.33.H01", 8.0, 0.8),
    Desk("30523", _OLD, "UBND xã Văn Giáo", "000.28.33.H01", 5.0, 2.6),
    Desk("30526", _OLD, "UBND xã An Cư", "000.29.33.H01", 6.0, 4.0),
    Desk("30529", _OLD, "UBND xã An Nông", "000.30.33.H01", 3.4, 0.3),
    Desk("30532", _OLD, "UBND xã Vĩnh Trung", "000.31.33.H01", 6.6, 3.2),
    Desk("30535", _OLD, "UBND xã Tân Lợi", "000.32.33.H01", 5.0, 0.5),
    Desk("30538", _OLD, "UBND xã An Hảo", "000.33.33.H01", 7.0, 0.7),
    Desk("30541", _OLD, "UBND xã Tân Lập", "000.34.33.H01", 5.0, 0.3),
    Desk("30502", _NEW, "UBND phường Thới Sơn", "H01.128", 22.0, 1.2),
    Desk("30505", _NEW, "UBND phường Chi Lăng", "H01.131", 18.0, 0.5),
    Desk("30520", _NEW, "UBND phường Tịnh Biên", "H01.129", 25.0, 0.8),
    Desk("30526", _NEW, "UBND xã An Cư", "H01.130", 20.0, 2.6),
    Desk("30538", _NEW, "UBND xã Núi Cấm", "H01.132", 15.0, 0.6),
)
OLD_PLACES = tuple(i for i, place in enumerate(PLACES) if place.valid_from == _OLD)
NEW_PLACES = tuple(i for i, place in enumerate(PLACES) if place.valid_from == _NEW)


@dataclass(frozen=True)
class Procedure:
    """One procedure. `limit` in working days (0: the same day by 17:00), `fee` in dong, the rest relative."""

    code: str  # 8 characters
    name: str
    field_code: str
    field_name: str
    limit: int
    town_weight: float
    commune_weight: float
    lateness: float
    fee: int


# code: weight in the town, weight in a commune, aptness to be late, fee in dong. Land is what goes wrong.
_ASKED: dict[str, tuple[float, float, float, int]] = {
    "1.000656": (0.5, 4.0, 0.05, 0),
    "1.000894": (1.0, 6.0, 0.05, 0),
    "1.001193": (1.0, 13.0, 0.05, 0),
    "1.001731": (2.0, 4.0, 0.6, 0),
    "1.001776": (5.0, 5.0, 2.0, 0),
    "1.004222": (8.0, 6.0, 0.8, 20000),
    "1.004227": (26.0, 5.0, 6.0, 30000),
    "1.012753": (20.0, 4.5, 8.0, 100000),
    "2.000635": (4.0, 8.5, 0.05, 8000),
    "2.000815": (32.5, 44.0, 0.01, 10000),
}
# A procedure that the catalogue gains later: seldom asked for, and handled like the average one.
_SELDOM = (0.5, 0.5, 1.0, 0)


def _procedures() -> tuple[Procedure, ...]:
    """Returns the catalogue with limits in working days; a limit that is not known or otherwise counted is left out."""
    return tuple(
        Procedure(
            row["procedure_code"],
            row["procedure_name"],
            row["field_code"],
            row["field_name"],
            row["limit_value"],
            *_ASKED.get(row["procedure_code"], _SELDOM),
        )
        for row in procedure_frame().iter_rows(named=True)
        if row["limit_value"] is not None and row["limit_unit"] == "working_day"
    )


PROCEDURES = _procedures()
