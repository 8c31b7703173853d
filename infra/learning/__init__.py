"""What people at the desk see of a stack, and what they tell it."""
