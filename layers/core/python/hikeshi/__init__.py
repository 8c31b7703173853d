"""hikeshi: find posts that can hurt a company, reach the people who can act, and see it through."""
