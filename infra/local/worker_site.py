"""Runs at the start of every Python under the emulator; in a worker, leaves only what AWS would have.

Copied to a directory of its own as ``sitecustomize.py``. The emulator names the function in the
environment of a worker and nowhere else.
"""

import os
import sys
from pathlib import Path

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    library = str(Path(os.__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry.startswith(library) and "site-packages" not in entry]
    sys.path.append(str(Path(__file__).resolve().parent / "packages"))
    os.environ.pop("PYTHONPATH", None)
