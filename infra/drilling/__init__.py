"""Drills as they are written down, and how a stack is reached to play them."""
