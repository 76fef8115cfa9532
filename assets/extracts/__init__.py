"""What analysts take along: answers and tables of the warehouse as files that other programs read.

Here: the files, what describes them, and that they are written whole or not at all. Not here: what a table means, or who
may read it.
"""
