"""Speed: streams, timed processes, and what the watch list costs."""
