"""Settings, payload models and the composition root of every Lambda function."""
