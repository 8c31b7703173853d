"""Against servers of our own on 127.0.0.1, which is the only network these tests allow."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hikeshi.adapters.feeds.addresses import networks_in
from hikeshi.adapters.feeds.download import MAX_BYTES, Download, Downloader, Validators
from hikeshi.adapters.feeds.locations import locate
from hikeshi.domain.errors import FetchError, ForbiddenAddressError, InvalidFeedError

pytestmark = pytest.mark.loopback

FEED = b"<rss version='2.0'><channel></channel></rss>"
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(
    answer: Answer, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Run a server; yields its root and the headers of every request it got, in lower case."""
    requests: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            requests.append({name.lower(): value for name, value in self.headers.items()})
            try:
                answer(self)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    server = ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is part of the test
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://{address}:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()


def says(body: bytes = FEED, *, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        request.close_connection = True

    return answer


def get(
    url: str,
    *,
    hosts: tuple[str, ...] = ("127.0.0.1", "127.0.0.2"),
    allow: str = "127.0.0.1/32",
    seconds: float = 5.0,
    **known: str,
) -> Download:
    downloader = Downloader(
        allow_addresses=networks_in(allow), seconds=seconds, resolve=lambda host, port: [host]
    )
    return downloader.get(url, hosts=hosts, validators=Validators(**known))


def test_a_feed_comes_with_its_validators() -> None:
    with serving(says(ETag='"v1"', Last_Modified="Wed, 13 May 2026 03:57:00 GMT")) as (root, _):
        download = get(f"{root}/feed")
    assert download.body == FEED
    assert download.validators == Validators(etag='"v1"', last_modified="Wed, 13 May 2026 03:57:00 GMT")


def test_validators_are_sent_back_and_a_304_is_no_body() -> None:
    with serving(says(b"", status=304)) as (root, requests):
        download = get(f"{root}/feed", etag='W/"v1"', last_modified="Wed, 13 May 2026 03:57:00 GMT")
    assert download.body is None
    assert requests[0]["if-none-match"] == 'W/"v1"'
    assert requests[0]["if-modified-since"] == "Wed, 13 May 2026 03:57:00 GMT"


def test_a_304_that_nobody_asked_for_is_a_bad_answer() -> None:
    with serving(says(b"", status=304)) as (root, _), pytest.raises(FetchError, match="304"):
        get(f"{root}/feed")


@pytest.mark.parametrize("etag", ['"' + "x" * 600 + '"', '"\xe9"', ""])
def test_validators_that_could_not_be_sent_back_are_forgotten(etag: str) -> None:
    with serving(says(ETag=etag)) as (root, _):
        assert get(f"{root}/feed").validators == Validators()


def test_nothing_that_names_or_authorises_us_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.jp:3128")
    with serving(says(Set_Cookie="id=1")) as (root, requests):
        get(f"{root}/feed")
        get(f"{root}/feed")
    names = {"host", "user-agent", "accept", "accept-encoding"}
    assert [set(request) for request in requests] == [names, names]


def test_gzip_is_read() -> None:
    with serving(says(gzip.compress(FEED), Content_Encoding="gzip")) as (root, _):
        assert get(f"{root}/feed").body == FEED


# ---- answers that are too much, too slow or cut short ------------------------------------------


def test_a_body_of_exactly_a_mebibyte_is_taken_and_one_byte_more_is_not() -> None:
    with serving(says(b"x" * MAX_BYTES)) as (root, _):
        assert len(get(f"{root}/feed").body or b"") == MAX_BYTES
    with serving(says(b"x" * (MAX_BYTES + 1))) as (root, _), pytest.raises(FetchError, match="more than"):
        get(f"{root}/feed")


def test_a_gzip_bomb_is_stopped_when_the_decompressed_bytes_are_too_many() -> None:
    bomb = gzip.compress(b"\0" * (1_000 * MAX_BYTES // 8))
    assert len(bomb) < MAX_BYTES
    with (
        serving(says(bomb, Content_Encoding="gzip")) as (root, _),
        pytest.raises(FetchError, match="more than"),
    ):
        get(f"{root}/feed")


def test_what_follows_the_end_of_a_gzip_is_counted_too() -> None:
    padded = gzip.compress(FEED) + b"\0" * (MAX_BYTES + 1)
    with (
        serving(says(padded, Content_Encoding="gzip")) as (root, _),
        pytest.raises(FetchError, match="more than"),
    ):
        get(f"{root}/feed")


@pytest.mark.parametrize(
    "answer",
    [
        says(FEED[:10], Content_Length=str(len(FEED))),
        says(gzip.compress(FEED)[:-9], Content_Encoding="gzip"),
        says(b"not gzip", Content_Encoding="gzip"),
    ],
)
def test_an_answer_that_is_cut_short_is_an_invalid_feed(answer: Answer) -> None:
    with serving(answer) as (root, _), pytest.raises(InvalidFeedError):
        get(f"{root}/feed")


def test_an_encoding_that_nobody_asked_for_is_a_bad_answer() -> None:
    with serving(says(Content_Encoding="br")) as (root, _), pytest.raises(FetchError, match="'br'"):
        get(f"{root}/feed")


def drips(*, in_headers: bool) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
        request.wfile.write(head if in_headers else head + b"\r\n")
        for _ in range(100):
            time.sleep(0.05)
            request.wfile.write(b"x")

    return answer


@pytest.mark.parametrize("in_headers", [True, False])
def test_a_source_that_drips_byte_by_byte_ends_at_the_deadline(in_headers: bool) -> None:
    with serving(drips(in_headers=in_headers)) as (root, _):
        began = time.monotonic()
        with pytest.raises(FetchError, match="too long"):
            get(f"{root}/feed", seconds=0.4)
        assert time.monotonic() - began < 1.5


def test_a_name_server_that_does_not_answer_ends_at_the_deadline() -> None:
    released = threading.Event()

    def hangs(host: str, port: int) -> list[str]:
        released.wait(5)
        return []

    # Nothing but the name may run out of time, on a busy machine neither.
    waiting = Downloader(resolve=hangs, seconds=0.2, monotonic=lambda: 0.0)
    began = time.monotonic()
    with pytest.raises(FetchError, match="not resolved in time"):
        waiting.get("http://a.jp/", hosts=["a.jp"], validators=Validators())
    assert time.monotonic() - began < 1.5
    released.set()


@pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_status_is_a_bad_answer(status: int) -> None:
    with serving(says(b"", status=status)) as (root, _), pytest.raises(FetchError, match=str(status)):
        get(f"{root}/feed")


def test_what_is_not_http_is_a_bad_answer() -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        request.close_connection = True

    with serving(answer) as (root, _), pytest.raises(FetchError, match="badly"):
        get(f"{root}/feed")


def test_a_closed_port_is_a_fetch_error() -> None:
    with serving(says()) as (root, _):
        pass
    with pytest.raises(FetchError, match="does not answer"):
        get(f"{root}/feed")


# ---- TLS ---------------------------------------------------------------------------------------


def a_certificate(name: str, directory: Path) -> Path:
    """Make a self-signed certificate; key and certificate are in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    no_password = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    path = directory / f"{name}.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("host", ["feeds.example.jp", "other.example.jp"])
def test_the_certificate_is_held_against_the_name_not_the_address(host: str, tmp_path: Path) -> None:
    certificate = a_certificate("feeds.example.jp", tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate)
    with serving(says(), tls=server_side) as (root, _):
        downloader = Downloader(
            allow_addresses=networks_in("127.0.0.1/32"),
            resolve=lambda host, port: ["127.0.0.1"],
            tls=ssl.create_default_context(cafile=str(certificate)),
        )
        url = f"https://{host}:{root.rsplit(':', 1)[1]}/"
        if host == "feeds.example.jp":
            assert downloader.get(url, hosts=[host], validators=Validators()).body == FEED
        else:
            with pytest.raises(FetchError, match="badly"):
                downloader.get(url, hosts=[host], validators=Validators())


# ---- redirects ---------------------------------------------------------------------------------


def redirects(*targets: str, status: int = 302) -> Answer:
    """Lead from /0 to the first target, from /1 to the second, and so on."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        place = int(request.path.strip("/") or 0)
        if place < len(targets):
            says(b"", status=status, Location=targets[place])(request)
        else:
            says()(request)

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_three_redirects_are_followed(status: int) -> None:
    with serving(redirects("/1", "2", "./3", status=status)) as (root, requests):
        assert get(f"{root}/0").body == FEED
    assert len(requests) == 4


def test_the_fourth_redirect_is_refused() -> None:
    with (
        serving(redirects("/1", "/2", "/3", "/4")) as (root, requests),
        pytest.raises(FetchError, match="redirects"),
    ):
        get(f"{root}/0")
    assert len(requests) == 4


def test_a_redirect_to_a_private_address_is_refused_before_a_connection() -> None:
    with serving(says(), address="127.0.0.2") as (inner, reached):
        with serving(redirects(f"{inner}/")) as (root, _), pytest.raises(ForbiddenAddressError):
            get(f"{root}/0")
        assert reached == []


def test_a_redirect_to_a_host_that_the_source_does_not_name_is_refused() -> None:
    with serving(says(), address="127.0.0.2") as (inner, reached):
        with serving(redirects(f"{inner}/")) as (root, _), pytest.raises(ForbiddenAddressError):
            get(f"{root}/0", hosts=("127.0.0.1",), allow="127.0.0.0/8")
        assert reached == []


def test_the_embedded_stack_may_read_from_this_machine_only_when_told_so() -> None:
    with serving(says()) as (root, reached):
        with pytest.raises(ForbiddenAddressError):
            get(f"{root}/feed", allow="")
        assert reached == []


HOSTS = ("feeds.example.jp", "cdn.example.jp")


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        ("https://feeds.example.jp/", "http://feeds.example.jp/"),
        ("https://feeds.example.jp/", "https://user:secret@feeds.example.jp/"),
        ("https://feeds.example.jp/", "https://elsewhere.example.jp/"),
        ("https://feeds.example.jp/", "//elsewhere.example.jp/"),
        ("https://feeds.example.jp/", "https://feeds.example.jp:22/"),
        ("https://feeds.example.jp/", "https://feeds.example.jp:6379/"),
        ("https://feeds.example.jp/", "file:///etc/passwd"),
        ("https://feeds.example.jp/", "gopher://feeds.example.jp/"),
        ("https://feeds.example.jp/", "\\\\elsewhere.example.jp\\"),
        ("https://feeds.example.jp/", "https://feeds.example.jp/\r\nHost: internal"),
        ("https://feeds.example.jp/", "https://[::1/"),
        ("https://feeds.example.jp/", "https://feeds.example.jp@elsewhere.example.jp/"),
    ],
)
def test_redirects_that_lead_astray_are_refused(start: str, answer: str) -> None:
    with pytest.raises(FetchError):
        locate(start, HOSTS).redirected(answer, HOSTS)


@pytest.mark.parametrize(
    ("start", "answer", "end"),
    [
        ("http://feeds.example.jp/a", "https://feeds.example.jp/a", "https://feeds.example.jp:443/a"),
        ("https://feeds.example.jp/a/b", "c?d=虫", "https://feeds.example.jp:443/a/c?d=%E8%99%AB"),
        ("https://feeds.example.jp:8443/a", "/b", "https://feeds.example.jp:8443/b"),
        ("https://feeds.example.jp/a", "https://cdn.example.jp/b#part", "https://cdn.example.jp:443/b"),
    ],
)
def test_redirects_between_hosts_of_the_source_are_followed(start: str, answer: str, end: str) -> None:
    assert locate(start, HOSTS).redirected(answer, HOSTS).text == end
