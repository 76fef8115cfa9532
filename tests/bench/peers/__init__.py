"""motcua and its peers on the same files and the same server: `make bench`.

Peers are dlt (merge) with dbt (incremental models), a plain COPY as floor, and DuckDB over Parquet. They run in an
environment of their own (`requirements.txt`), and do the core of the same work: the latest state of each dossier,
timeliness under rule set ii06, daily flow, form II.06 and overdue dossiers by unit. Answers are compared before times
count. Not here: anything that knows motcua from inside; its commands are timed as a user runs them.
"""
