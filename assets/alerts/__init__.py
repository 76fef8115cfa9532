"""Overdue spikes: what is out of the ordinary, and who is notified of it.

Here: series out of the warehouse (`series.py`), the detector (`detector.py`, `baseline.py`, `chances.py`) and its proof
(`backtest*.py`, `rivals.py`), what becomes of an alert (`life.py`, `grouping.py`, `judge.py`, `book.py`), notices and
their delivery (`text.py`, `outbox.py`, `channels.py`, `watch.py`), and dossiers due soon (`due_soon*.py`). Not here: when
it runs (`pipelines/`), and what overdue means (`warehouse_sql/core`).
"""
