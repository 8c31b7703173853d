"""What the services need from the outside world, as small protocols named by role."""
