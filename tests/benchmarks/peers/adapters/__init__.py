"""One module a contender: ``build()`` returns what judges a text. Only its own packages are imported."""
