"""``make train``: learn the scorer's weights again from the texts that may be learned from."""
