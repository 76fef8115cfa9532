"""Links: codes under which one dossier travels, and which of them it is filed under at each moment.

The national copy may carry a code of its own and name the province's beside it (MaHoSoKhac); either side may name another code.
From the moment at which a link is known, both are one dossier; before, they were two.
"""

from __future__ import annotations

import polars as pl


def components_of(links: pl.DataFrame) -> pl.DataFrame:
    """Returns dossier_code and root, the first code of all that hang together, of every code that is linked to another.

    `links`: dossier_code, other_code.
    """
    edges = _both_ways(links.select("dossier_code", "other_code")).unique()
    roots = edges.select("dossier_code").unique().with_columns(root="dossier_code")
    return _spread(roots, edges, ["dossier_code"], "root").sort("dossier_code")


def filed_under(moments: pl.DataFrame, links: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Returns dossier_code, known_from, filed_as (the code of the dossier that it was then known to be) and group, for every
    moment of a dossier; of linked ones for every moment of each of them.

    `moments`: dossier_code, known_from. `links`: dossier_code, other_code, known_from. `statements`: dossier_code, known_from,
    is_provincial. A code of the province is preferred, then one of which something is known, then the first.
    """
    roots = components_of(links)
    alone = moments.join(roots, on="dossier_code", how="anti").select(
        "dossier_code", "known_from", filed_as="dossier_code", group="dossier_code"
    )
    if roots.is_empty():
        return alone
    shared = moments.join(roots, on="dossier_code").select("root", "known_from").unique()
    begun = statements.group_by("dossier_code").agg(
        begun=pl.col("known_from").min(),
        provincial=pl.col("known_from").filter(pl.col("is_provincial")).min(),
    )
    preference = (
        pl.when(pl.col("provincial") <= pl.col("known_from"))
        .then(pl.lit("0"))
        .when(pl.col("begun") <= pl.col("known_from"))
        .then(pl.lit("1"))
        .otherwise(pl.lit("2"))
    )
    nodes = (
        roots.join(shared, on="root")
        .join(begun, on="dossier_code", how="left")
        .select("dossier_code", "known_from", "root", filed_as=preference + pl.col("dossier_code"))
    )
    known = links.rename({"known_from": "link_known"}).join(roots, on="dossier_code").join(shared, on="root")
    edges = _both_ways(
        known.filter(pl.col("link_known") <= pl.col("known_from")).select(
            "dossier_code", "other_code", "known_from"
        )
    ).unique()
    stated = _spread(nodes, edges, ["dossier_code", "known_from"], "filed_as")
    return pl.concat(
        [
            alone,
            stated.select(
                "dossier_code", "known_from", filed_as=pl.col("filed_as").str.slice(1), group="root"
            ),
        ]
    )


def _both_ways(links: pl.DataFrame) -> pl.DataFrame:
    back = links.rename({"dossier_code": "other_code", "other_code": "dossier_code"})
    return pl.concat([links, back.select(links.columns)])


def _spread(nodes: pl.DataFrame, edges: pl.DataFrame, key: list[str], label: str) -> pl.DataFrame:
    """Gives each node the first label of all that hang together with it."""
    rest = [name for name in key if name != "dossier_code"]
    while True:
        met = (
            edges.join(
                nodes.select(
                    pl.col("dossier_code").alias("other_code"), *rest, pl.col(label).alias("theirs")
                ),
                on=["other_code", *rest],
            )
            .group_by(key)
            .agg(pl.col("theirs").min())
        )
        spread = nodes.join(met, on=key, how="left", maintain_order="left").with_columns(
            pl.min_horizontal(label, "theirs").alias(label)
        )
        if spread[label].equals(nodes[label]):
            return nodes
        nodes = spread.drop("theirs")
