"""Reports: the inspection report out of the warehouse, as a page and as a workbook.

Here: reading figures (`figures.py`, `sections.py`), saying them (`texts/`, `texts.py`, `wording.py`, `vietnamese.py`),
and laying them out (`page.py` and what it is made of: `lists.py`, `values.py`, `embedded.py`, `draw.py`; `workbook.py`).
Not here: what a figure means (`warehouse_sql/mart`), or when a report is made.
"""
