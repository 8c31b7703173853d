"""What the deployed functions ask of AWS, read from the embedded stack's record of calls."""
