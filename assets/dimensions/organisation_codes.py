"""Codes of agencies and one-stop desks: the two forms in which they are written, and those that are known.

`000.NN.NN.Hxx` (QCVN 102:2016/BTTTT) is read from the right: the province or ministry, then one level more with
each part, zeros where there is none. `Hxx.NN…` (Decision 20/2020/QĐ-TTg) is read from the left; communes since
1/7/2025 are `Hxx.NNN`. No source says that `000.00.53.H48` and `H48.53` are one agency: only the code of the
whole, `000.00.00.H48` and `H48`, is taken to be the same.

Not here: names of units (`names.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl

from assets.dimensions.units import BEGINNING, FOREVER, ORGANISATION_CODES, REFORM
from assets.given.texts import normalise

AGENCIES = Path(__file__).with_name("agencies.csv")

Form = Literal["qd20", "qcvn102"]

ORGANISATION_SCHEMA = {
    "organisation_code": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "form": pl.String,
    "organisation_name": pl.String,
    "kind": pl.String,
    "unit_code": pl.String,
    "unit_valid_from": pl.Date,
    "parent_code": pl.String,
}

_QD20 = re.compile(r"([A-Z]\d{2})((?:\.\d{2,3})*)")
_QCVN102 = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class OrganisationCode:
    """A code in its normal spelling: `path` goes from the province or ministry down to the agency itself."""

    code: str
    form: Form
    path: tuple[str, ...]

    @property
    def root(self) -> str:
        """The province (Hxx) or ministry (Gxx)."""
        return self.path[0]

    @property
    def parent(self) -> str | None:
        """The code of the agency above in the same form; None above the whole."""
        return None if len(self.path) == 1 else _written(self.path[:-1], self.form)


def read_code(written: str) -> OrganisationCode | None:
    """Returns the code in its normal spelling, whatever its case and blanks, or None when it has neither form."""
    text = _BLANKS.sub("", normalise(written)).upper()
    if match := _QD20.fullmatch(text):
        return OrganisationCode(text, "qd20", (match[1], *match[2].split(".")[1:]))
    if not (match := _QCVN102.fullmatch(text)):
        return None
    below = [match[3], match[2], match[1]]
    while below and not int(below[-1]):
        below.pop()
    if any(not int(part) for part in below):
        return None  # an agency below one that is not there
    path = (match[4], *below)
    form: Form = "qcvn102" if below else "qd20"
    return OrganisationCode(_written(path, form), form, path)


def _written(path: tuple[str, ...], form: Form) -> str:
    if form == "qd20" or len(path) == 1:
        return ".".join(path)
    second, third, fourth = (*path[1:], *("00", "00", "000")[len(path) - 1 :])
    return f"{fourth}.{third}.{second}.{path[0]}"


@cache
def organisation_frame() -> pl.DataFrame:
    """Returns the agencies that are known, shape `ORGANISATION_SCHEMA`: today's communes of An Giang and
    `agencies.csv`.
    """
    communes = pl.read_csv(ORGANISATION_CODES, infer_schema=False).select(
        "organisation_code",
        organisation_name=pl.lit("Bộ phận Một cửa ") + pl.col("name"),
        kind=pl.lit("commune_desk"),
        unit_code=pl.col("code"),
        unit_valid_from=pl.lit(REFORM),
        valid_from=pl.lit(REFORM),
        valid_to=pl.lit(FOREVER),
    )
    agencies = pl.read_csv(AGENCIES, infer_schema=False, null_values="").with_columns(
        pl.col("unit_valid_from").str.to_date(),
        valid_from=pl.col("unit_valid_from").str.to_date().fill_null(BEGINNING),
    )
    agencies = agencies.with_columns(
        valid_to=pl.when(pl.col("unit_code").is_not_null() & (pl.col("valid_from") < REFORM))
        .then(pl.lit(REFORM))
        .otherwise(pl.lit(FOREVER))
    )
    both = pl.concat([communes, agencies.select(communes.columns)])
    read = [read_code(code) for code in both["organisation_code"]]
    odd = [
        code
        for code, parts in zip(both["organisation_code"], read, strict=True)
        if not parts or parts.code != code
    ]
    if odd:
        raise ValueError(f"Organisation codes that are not in their normal spelling: {', '.join(odd)}.")
    return (
        both.with_columns(
            form=pl.Series([parts.form for parts in read if parts], dtype=pl.String),
            parent_code=pl.Series([parts.parent for parts in read if parts], dtype=pl.String),
        )
        .select(pl.col(name).cast(kind) for name, kind in ORGANISATION_SCHEMA.items())
        .sort("organisation_code", "valid_from")
    )
