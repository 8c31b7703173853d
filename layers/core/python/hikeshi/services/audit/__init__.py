"""Use cases of the auditor: whatever should move does move, or the operator is called."""
