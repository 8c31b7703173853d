"""Use cases of experts from outside: asked, answered, thanked."""
