"""Simulated hours: how posts spread, and when each way of watching notices."""
