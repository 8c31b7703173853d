"""The pages behind a link, as HTML."""
