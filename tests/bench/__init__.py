"""Benchmarks: `make bench`. Not tests: nothing here fails on a slow day."""
