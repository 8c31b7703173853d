"""Posts from files, on their way to the queue of a stack."""
