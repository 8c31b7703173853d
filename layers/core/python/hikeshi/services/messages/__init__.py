"""Use cases of messages: who is told what, when and in which words, and what became of it."""
