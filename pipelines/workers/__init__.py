"""Workers in processes of their own, here or on other machines: they read files and fold buckets of a run.

The run itself, in one process, holds the lock of the warehouse, hands out the parts through a broker (Celery under Dagster)
and publishes what came of them; a worker writes only what nobody reads before that.
"""
