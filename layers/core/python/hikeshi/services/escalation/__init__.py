"""Use cases of escalation: ladders, rounds, roll-calls, and what happens when nobody moves."""
