"""Reading feeds that may be broken, huge or hostile."""
