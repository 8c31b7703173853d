"""Teaches the scorer what puts a life at risk; only ``make train-perils`` runs it."""
