"""Reports as Word files, and what incidents asked to be changed."""
