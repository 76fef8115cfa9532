"""Reports: the inspection report out of the warehouse, as a page, a workbook, a document and a sealed PDF.

Here: reading figures (`figures.py`, `sections.py`, `by_sector.py`, `claims_and_findings.py`), wording them (`texts/`,
`texts.py`, `wording.py`, `form_texts.py`, `narrative.py`), laying them out (`page.py` with `lists.py`, `values.py`,
`embedded.py`, `draw.py`; `workbook.py` with its sheets; `document.py`, `pictures.py`; `pdf.py`),
and keeping what was issued (`issues.py`, `verify.py`). Not here: what a figure means (`warehouse_sql/mart`), or when a report
is made.
"""
