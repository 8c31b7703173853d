"""The ``hikeshi`` command."""
