from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.s3_reports import S3ReportStore
from hikeshi.ports.responding import ReportStore
from tests.fakes.responding import InMemoryReportStore

Kept = tuple[ReportStore, Callable[[str], tuple[bytes, str]]]


@pytest.fixture(params=["fake", "moto"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    if request.param == "fake":
        fake = InMemoryReportStore()
        yield fake, lambda name: fake.files["inc-1", name]
        return
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="archive")

        def read(name: str) -> tuple[bytes, str]:
            found = client.get_object(Bucket="archive", Key=f"reports/inc-1/{name}")
            return found["Body"].read(), found["ContentType"]

        yield S3ReportStore(client=client, bucket="archive"), read


def test_a_report_is_kept_under_its_incident(kept: Kept) -> None:
    reports, read = kept
    uri = reports.save("inc-1", name="report-1.html", content="報告".encode(), content_type="text/html")
    assert uri == "s3://archive/reports/inc-1/report-1.html"
    assert read("report-1.html") == ("報告".encode(), "text/html")


def test_a_report_stored_again_is_the_newer_one_under_the_same_address(kept: Kept) -> None:
    reports, read = kept
    for content in (b"one", b"two"):
        uri = reports.save("inc-1", name="report-1.html", content=content, content_type="text/html")
    assert uri.endswith("reports/inc-1/report-1.html")
    assert read("report-1.html")[0] == b"two"
