"""Use cases of the headquarters: called, told, reminded."""
