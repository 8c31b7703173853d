"""Use cases: each function carries out one thing a person or a schedule asks for."""
