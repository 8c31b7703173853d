"""Reading, checking and publishing the configuration in ``infra/config``."""
