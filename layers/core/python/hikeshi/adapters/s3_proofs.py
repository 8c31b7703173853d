"""Records that bear facts out, in the archive bucket beside the evidence from the posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


class S3ProofStore:
    """Keeps records under ``evidence/facts/<incident>/``."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, incident_id: str, *, name: str, content: bytes) -> str:
        """Store a document once; the name holds its digest, so what is there already is the same."""
        key = f"evidence/facts/{incident_id}/{name}"
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType="application/json", IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
        return f"s3://{self._bucket}/{key}"
