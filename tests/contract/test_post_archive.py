from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.s3_archive import S3PostArchive
from hikeshi.ports.scoring import PostArchive
from hikeshi.services.collection import post_payload
from tests.builders import BRAND, NOON, a_post
from tests.fakes.scoring import InMemoryPostArchive


def a_bucket() -> Any:
    client = boto3.client("s3", region_name="ap-northeast-1")
    client.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    return client


@pytest.fixture(params=["fake", "moto"])
def archive(request: pytest.FixtureRequest) -> Iterator[PostArchive]:
    if request.param == "fake":
        yield InMemoryPostArchive()
        return
    with mock_aws():
        yield S3PostArchive(client=a_bucket(), bucket="archive", encode=post_payload.encode)


def test_evidence_says_where_it_is_and_what_proves_it(archive: PostArchive) -> None:
    evidence = archive.keep(a_post(), at=NOON)
    assert evidence.uri == f"s3://archive/evidence/{a_post().key}.json"
    assert len(evidence.sha256) == 64
    assert evidence.captured_at == NOON


def test_keeping_a_post_again_returns_the_first_copy(archive: PostArchive) -> None:
    first = archive.keep(a_post(), at=NOON)
    assert archive.keep(a_post(text="書き直した"), at=NOON + timedelta(hours=1)) == first


def test_posts_may_be_appended_in_any_order_and_number(archive: PostArchive) -> None:
    archive.append(BRAND, (), at=NOON)
    archive.append(BRAND, (a_post(), a_post(id="2")), at=NOON)
    archive.append(BRAND, (a_post(id="2"), a_post()), at=NOON)


def test_the_same_posts_make_the_same_object() -> None:
    with mock_aws():
        client = a_bucket()
        archive = S3PostArchive(client=client, bucket="archive", encode=post_payload.encode)
        archive.append(BRAND, (a_post(), a_post(id="2")), at=NOON)
        archive.append(BRAND, (a_post(id="2"), a_post()), at=NOON)
        (stored,) = client.list_objects_v2(Bucket="archive")["Contents"]
        body = client.get_object(Bucket="archive", Key=stored["Key"])["Body"].read()
        name = f"posts/brand={BRAND}/date=2026-05-13/hour=03/{hashlib.sha256(body).hexdigest()}.ndjson"
        assert stored["Key"] == name
        assert {json.loads(line)["id"] for line in body.splitlines()} == {"post-1", "2"}


def test_the_digest_is_that_of_the_stored_bytes() -> None:
    with mock_aws():
        client = a_bucket()
        evidence = S3PostArchive(client=client, bucket="archive", encode=post_payload.encode).keep(
            a_post(), at=NOON
        )
        body = client.get_object(Bucket="archive", Key=f"evidence/{a_post().key}.json")["Body"].read()
        assert hashlib.sha256(body).hexdigest() == evidence.sha256
        assert json.loads(body)["post"]["text"] == a_post().text
