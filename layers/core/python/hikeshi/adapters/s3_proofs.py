"""Records that bear facts out, in the archive bucket beside the evidence from the posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
"""What S3 answers for a key that is not there; without leave to list, it says no more than no."""

_TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


class S3ProofStore:
    """Keeps records under ``evidence/facts/<incident>/`` and files under ``evidence/files/<incident>/``."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, incident_id: str, *, name: str, content: bytes) -> str:
        """Store a document once; the name holds its digest, so what is there already is the same."""
        return self._put(f"evidence/facts/{incident_id}/{name}", content, "application/json")

    def keep_file(self, incident_id: str, *, sha256: str, content: bytes) -> str:
        """Store a file once; its name is its digest, so what is there already is the same.

        A file whose place in the room could not be written is found here when it is sent again. No browser
        is ever sent here, and the type says nothing of what is in it.
        """
        key = f"evidence/files/{incident_id}/{sha256}"
        return self._put(key, content, "application/octet-stream")

    def file(self, uri: str) -> bytes | None:
        """Return what lies under an address of a file, None if nothing does."""
        key = uri.removeprefix(f"s3://{self._bucket}/")
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise
            return None

    def _put(self, key: str, content: bytes, content_type: str) -> str:
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
        return f"s3://{self._bucket}/{key}"
