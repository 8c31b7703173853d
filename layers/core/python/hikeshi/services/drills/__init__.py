"""Use cases of drills: played, held back from everybody else, scored, talked about."""
