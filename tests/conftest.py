"""What every test gets: an environment without real credentials, and sockets closed for unit tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket

from tests import one_call_at_a_time

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="ap-northeast-1",
    POWERTOOLS_METRICS_DISABLED="true",
    # As in production: on a busy machine two threads wait for each other far longer than they work.
    OPENBLAS_NUM_THREADS="1",
)
os.environ.pop("AWS_PROFILE", None)
os.environ.pop("AWS_ENDPOINT_URL", None)

one_call_at_a_time.install()

UNIT = Path(__file__).parent / "unit"


@pytest.fixture(autouse=True)
def _sockets_off_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Unit tests reach nothing outside the process; local sockets stay for event loops."""
    if UNIT in Path(request.path).parents and "loopback" not in request.keywords:
        disable_socket(allow_unix_socket=True)
        yield
        enable_socket()
    else:
        yield
