"""Benchmarks: ``make bench`` runs every ``bench_*.py`` here, or the ones named after ``--``."""
