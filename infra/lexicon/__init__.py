"""Checking a company's own words and rules before the scorer uses them."""
