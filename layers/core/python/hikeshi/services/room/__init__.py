"""The page behind a link: what an incident's records say, panel by panel."""
