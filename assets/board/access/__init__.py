"""Who may see what on the board: accounts, sessions, and the guard in front of its pages.

Here: nothing of the pages themselves. What an account may see is held by the warehouse (`warehouse_sql/roles/rows.sql`).
"""
