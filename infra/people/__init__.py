"""The directory of a stack, as whoever runs it sees and changes it."""
