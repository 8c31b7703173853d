"""Keys of a stack: made new, dropped, and taken back with what they signed."""
