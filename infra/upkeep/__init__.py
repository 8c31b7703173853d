"""What the operator does with the upkeep of a stack: the digest of a day, and contact tests."""
