"""``make train``: learn the scorer's weights again from the texts that may be learned from."""

import os

# Sums come out otherwise when several threads share them; read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
