"""The board: the pages that a manager opens each morning, and the same as a folder for a USB stick.

Every figure is asked of the marts in SQL; nothing is computed in the browser. Not here: what the figures mean
(`warehouse_sql/mart`), reports of a period (`assets/reports`).
"""
