"""What hikeshi is measured against: each peer behind one small adapter, in its own environment."""
