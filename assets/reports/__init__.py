"""Reports: the inspection report out of the warehouse, as a page and as a workbook.

Here: reading figures (`figures.py`), saying them as Vietnam writes them (`vietnamese.py`, `wording.py`), and laying
them out (`page.py`, `charts.py`, `workbook.py`). Not here: what a figure means (`warehouse_sql/mart`), or when a report
is made.
"""
