"""Incidents as archives."""
