"""Reports: the inspection report out of the warehouse, as a page, a workbook and a document.

Here: reading figures (`figures.py`, `by_field.py`), saying them (`vietnamese.py`, `wording.py`, `form_texts.py`,
`narrative.py`), and laying them out (`page.py`, `charts.py`; `workbook.py` with its sheets; `document.py`,
`pictures.py`). Not here: what a figure means (`warehouse_sql/mart`), or when a report
is made.
"""
