"""Completion reports in the archive bucket, beside the evidence they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3ReportStore:
    """Keeps the files of each incident's report under ``reports/<incident>/``."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save(self, incident_id: str, *, name: str, content: bytes, content_type: str) -> str:
        """Store a file; stored again, it is a new version beside the old one."""
        key = f"reports/{incident_id}/{name}"
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        return f"s3://{self._bucket}/{key}"
