"""``make train-encoder``: teach a pretrained encoder our posts, and hand what it knows to a smaller one."""
