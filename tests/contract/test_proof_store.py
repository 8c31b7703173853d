from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.s3_proofs import S3ProofStore
from hikeshi.ports.responding import ProofStore
from tests.fakes.responding import InMemoryProofStore

Kept = tuple[ProofStore, Callable[[str], bytes]]


@pytest.fixture(params=["fake", "moto"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    if request.param == "fake":
        fake = InMemoryProofStore()
        yield fake, lambda name: fake.files["inc-1", name]
        return
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="archive")

        def read(name: str) -> bytes:
            found = client.get_object(Bucket="archive", Key=f"evidence/facts/inc-1/{name}")
            return found["Body"].read()

        yield S3ProofStore(client=client, bucket="archive"), read


def test_a_record_is_kept_under_its_incident(kept: Kept) -> None:
    proofs, read = kept
    assert proofs.keep("inc-1", name="ab.json", content=b"{}") == "s3://archive/evidence/facts/inc-1/ab.json"
    assert read("ab.json") == b"{}"


def test_a_record_is_never_overwritten(kept: Kept) -> None:
    proofs, read = kept
    first = proofs.keep("inc-1", name="ab.json", content=b"one")
    assert proofs.keep("inc-1", name="ab.json", content=b"two") == first
    assert read("ab.json") == b"one"


def test_a_file_comes_back_as_it_was_sent(kept: Kept) -> None:
    proofs, _ = kept
    uri = proofs.keep_file("inc-1", sha256="ab" * 32, content=b"\xff\xd8\x00")
    assert uri == f"s3://archive/evidence/files/inc-1/{'ab' * 32}"
    assert proofs.file(uri) == b"\xff\xd8\x00"


def test_a_file_sent_again_is_the_one_that_was_kept(kept: Kept) -> None:
    proofs, _ = kept
    first = proofs.keep_file("inc-1", sha256="ab" * 32, content=b"one")
    assert proofs.keep_file("inc-1", sha256="ab" * 32, content=b"two") == first
    assert proofs.file(first) == b"one"


def test_where_nothing_lies_there_is_no_file(kept: Kept) -> None:
    proofs, _ = kept
    assert proofs.file("s3://archive/evidence/files/inc-1/none") is None
