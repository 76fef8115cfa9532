"""Buckets of touched dossiers, folded into staging by workers: threads of this process, or processes anywhere.

Here: which buckets a fold has, and what a worker does with one of them. Its dossiers stand in core.bucket_dossier under the
number of the fold; a worker of a dead fold finds none there, and changes nothing. Not here: publishing (`publish.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.facts.fold import Reference, fold
from assets.facts.publish import empty_staging, stage
from assets.facts.read import read_bucket, read_reference
from warehouse_sql.boundaries import reached
from warehouse_sql.frames import copy_frame

#: Folds the buckets of a fold (its number, how many) into staging; yields the number of dossiers of each as it is done.
FoldBuckets = Callable[[Engine, int, int], Iterator[int]]

#: While the server writes one bucket, the next is folded. More would only want more memory.
THREADS = 2


def begin_fold(connection: Connection, buckets: Sequence[pl.Series]) -> int:
    """Empties staging and writes down the dossier codes of each bucket. Returns the number of the new fold."""
    empty_staging(connection)
    run_no: int = connection.execute(text("select nextval('core.fold_run')")).scalar_one()
    rows = pl.concat(
        pl.DataFrame({"run_no": run_no, "bucket": number, "dossier_code": codes})
        for number, codes in enumerate(buckets)
    )
    copy_frame(connection, rows, "core.bucket_dossier")
    return run_no


def fold_bucket(engine: Engine, run_no: int, bucket: int, reference: Reference | None = None) -> int:
    """Folds one bucket into staging, once more if it was before. Returns the number of its dossiers: 0 where the fold is over.

    `reference` is read where it is not given.
    """
    with engine.begin() as connection:
        count = name_bucket(connection, run_no, bucket)
        if count:
            history = read_bucket(connection)
            stage(connection, run_no, bucket, fold(history, reference or read_reference(connection)))
            reached("facts.bucket")
    return count


def name_bucket(connection: Connection, run_no: int, bucket: int) -> int:
    """Makes the temporary table `bucket` of the codes of a bucket. Returns their number."""
    connection.execute(
        text("create temporary table if not exists bucket (dossier_code text primary key) on commit drop")
    )
    connection.execute(text("truncate bucket"))
    count = connection.execute(
        text(
            "insert into bucket select dossier_code from core.bucket_dossier"
            " where run_no = :run_no and bucket = :bucket order by dossier_code"
        ),
        {"run_no": run_no, "bucket": bucket},
    ).rowcount
    connection.execute(text("analyze bucket"))
    return count


def fold_in_threads(engine: Engine, run_no: int, count: int) -> Iterator[int]:
    """Folds the buckets in this process, two side by side."""
    with engine.connect() as connection:
        reference = read_reference(connection)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="bucket") as pool:
        yield from pool.map(lambda bucket: fold_bucket(engine, run_no, bucket, reference), range(count))
