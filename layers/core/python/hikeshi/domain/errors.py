"""The errors of hikeshi, each carrying the data its handler needs.

::

    HikeshiError
    ├── InputError                 what came in cannot be used; the sender can mend it
    │   ├── InvalidPostError
    │   ├── InvalidFeedError
    │   ├── UnknownBrandError
    │   ├── TooLargeError
    │   ├── InvalidQueryError
    │   └── InvalidFormError
    ├── ConfigError                the deployed configuration is wrong; the deployer can mend it
    ├── SignatureError             a webhook call is not signed, wrongly signed, or too old
    ├── LinkError                  a signed link does not open anything (one page for every cause)
    ├── NotAllowedError            the person may not do this
    ├── CheckNumberError           the two-digit number is missing or wrong
    ├── IllegalTransitionError     the lifecycle has no such step
    ├── NotReadyError              a condition of the step is not met yet
    │   └── RefusedTextError       a text lacks something or would be heard amiss; says which sentence
    │       ├── RefusedRequestError   a post is asked to be taken down on no ground that it shows
    │       ├── RefusedFileError      a file is none that can be kept
    │       └── RefusedFilesError     the same of some that were sent together; the others are kept
    ├── AlreadyDecidedError        somebody else was first; says who and when
    ├── ConcurrentChangeError      the stored version moved on; load again and retry
    ├── NotFoundError
    ├── UnavailableError           a store could not be read now
    ├── FetchError                 a source could not be read
    │   └── ForbiddenAddressError  a source points where we never go
    └── DeliveryError              a provider did not take a message
        └── UndeliverableError     and never will (opted out, invalid number)
"""

from __future__ import annotations

from datetime import datetime


class HikeshiError(Exception):
    """Root of every error raised by hikeshi; ``code`` is stable across releases."""

    code = "hikeshi"


class InputError(HikeshiError):
    """Input that cannot be used.

    Parameters
    ----------
    message : str
        What is wrong and how to mend it.
    field : str or None
        The field at fault, if one is.
    """

    code = "invalid_input"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidPostError(InputError):
    """A post lacks a field or holds a value out of range."""

    code = "invalid_post"


class InvalidFeedError(InputError):
    """A feed answered, but what it said is not a feed we read."""

    code = "invalid_feed"


class UnknownBrandError(InputError):
    """A post names a brand that no watch list has."""

    code = "unknown_brand"

    def __init__(self, brand: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"ブランド {brand} はありません。watches.yaml にあるのは: {', '.join(known)}"
            f" / unknown brand {brand!r}",
            field="brand",
        )
        self.brand = brand
        self.known = known


class TooLargeError(InputError):
    """More came in at once than is taken; the sender can send it in parts."""

    code = "too_large"


class InvalidQueryError(InputError):
    """A watch query does not parse; ``position`` is the character offset."""

    code = "invalid_query"

    def __init__(self, message: str, *, position: int) -> None:
        super().__init__(message, field="query")
        self.position = position


class InvalidFormError(InputError):
    """A submitted form lacks a field, has an unknown one, or one that is too long.

    ``why`` names the sentence that tells the reader what is wrong and how to mend it (``wrong_input``).
    """

    code = "invalid_form"

    def __init__(self, message: str, *, field: str | None = None, why: str = "") -> None:
        super().__init__(message, field=field)
        self.why = why


class ConfigError(HikeshiError):
    """The configuration cannot be used; the message names file, line and remedy."""

    code = "config"


class SignatureError(HikeshiError):
    """A webhook call is unsigned, wrongly signed or outside the replay window."""

    code = "signature"


class LinkError(HikeshiError):
    """A signed link opens nothing; ``reason`` is for the log, never for the page."""

    code = "link"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAllowedError(HikeshiError):
    """The person's role does not include this action."""

    code = "not_allowed"

    def __init__(self, action: str, person_id: str) -> None:
        super().__init__(f"{person_id} may not {action}")
        self.action = action
        self.person_id = person_id


class CheckNumberError(HikeshiError):
    """The two-digit number is missing or wrong; ``tries_left`` is 0 when the link is locked."""

    code = "check_number"

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"check number refused, {tries_left} tries left")
        self.tries_left = tries_left


class IllegalTransitionError(HikeshiError):
    """The lifecycle table has no row for (status, event); nothing was changed."""

    code = "illegal_transition"

    def __init__(self, status: str, event: str) -> None:
        super().__init__(f"{event} is not possible while {status}")
        self.status = status
        self.event = event


class ArchiveError(HikeshiError):
    """An archive cannot be relied on; ``why`` is a stable key, ``what`` names the file or the incident."""

    code = "archive"

    def __init__(self, why: str, what: str) -> None:
        super().__init__(f"{why}: {what}")
        self.why = why
        self.what = what


class NotReadyError(HikeshiError):
    """A condition of the step is not met; ``missing`` names each in a stable key."""

    code = "not_ready"

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"not ready: {', '.join(missing)}")
        self.missing = missing


class RefusedTextError(NotReadyError):
    """A text for the public is kept back; ``findings`` are stable keys, each with the sentence or empty."""

    code = "refused_text"

    def __init__(self, findings: tuple[tuple[str, str], ...]) -> None:
        super().__init__(tuple(key for key, _ in findings))
        self.findings = findings


class RefusedRequestError(RefusedTextError):
    """A request to take a post down rests on criticism, or on what the post does not show."""

    code = "refused_request"


class RefusedFileError(RefusedTextError):
    """A file is not one that can be kept; ``why`` is a stable key, ``label`` what the file was called."""

    code = "refused_file"

    def __init__(self, why: str, label: str = "") -> None:
        super().__init__(((why, label),))


class RefusedFilesError(RefusedTextError):
    """Of files that were sent together some are none that can be kept; ``kept`` others were."""

    code = "refused_files"

    def __init__(self, findings: tuple[tuple[str, str], ...], *, kept: int) -> None:
        super().__init__(findings)
        self.kept = kept


class AlreadyDecidedError(HikeshiError):
    """The decision was taken before; carries who took it, when, and what it was."""

    code = "already_decided"

    def __init__(self, *, decision: str, by: str, at: datetime) -> None:
        super().__init__(f"decided as {decision} by {by} at {at.isoformat()}")
        self.decision = decision
        self.by = by
        self.at = at


class ConcurrentChangeError(HikeshiError):
    """Another writer changed the record first; load it again and retry."""

    code = "concurrent_change"

    def __init__(self, record_id: str) -> None:
        super().__init__(f"{record_id} was changed by another writer")
        self.record_id = record_id


class NotFoundError(HikeshiError):
    """No record of this kind has this id."""

    code = "not_found"

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"no {kind} {record_id}")
        self.kind = kind
        self.record_id = record_id


class UnavailableError(HikeshiError):
    """A store could not be read now; what was read before still holds."""

    code = "unavailable"


class FetchError(HikeshiError):
    """A source could not be read now; the next slot tries again."""

    code = "fetch"


class ForbiddenAddressError(FetchError):
    """A source resolves to an address that hikeshi never connects to."""

    code = "forbidden_address"


class DeliveryError(HikeshiError):
    """A provider did not accept a message; it may be tried again."""

    code = "delivery"


class UndeliverableError(DeliveryError):
    """A provider will never accept this message for this address."""

    code = "undeliverable"
