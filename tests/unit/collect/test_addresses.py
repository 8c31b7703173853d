"""No URL, name or redirect makes hikeshi open a socket to an address that is not public."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from hikeshi.adapters.feeds.addresses import is_public, networks_in
from hikeshi.adapters.feeds.download import Downloader, Validators
from hikeshi.domain.errors import ConfigError, FetchError, ForbiddenAddressError

PUBLIC = "93.184.215.14"

# The host is always among the source's own: what refuses it is the address, or the form of the URL.
CORPUS = r"""
http://127.0.0.1/
http://127.0.0.1:80/
http://127.1/
http://127.0.1/
http://127.127.127.127/
http://2130706433/
http://017700000001/
http://0177.0.0.1/
http://0x7f000001/
http://0x7f.1/
http://0x7f.0x0.0x0.0x1/
http://0/
http://0.0.0.0/
http://0.0.0.1/
http://10.0.0.1/
http://10.255.255.255/
http://0xa.0.0.1/
http://167772161/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.0.1/
http://192.168.255.255/
http://3232235521/
http://100.64.0.1/
http://100.127.255.255/
http://169.254.169.254/latest/meta-data/
http://169.254.170.2/v2/credentials/
http://2852039166/
http://0xa9fea9fe/
http://0251.0376.0251.0376/
http://192.0.0.1/
http://192.0.0.170/
http://192.0.2.1/
http://192.88.99.1/
http://198.18.0.1/
http://198.19.255.255/
http://198.51.100.7/
http://203.0.113.7/
http://224.0.0.1/
http://239.255.255.250/
http://240.0.0.1/
http://255.255.255.255/
http://[::]/
http://[::1]/
http://[0:0:0:0:0:0:0:1]/
http://[::127.0.0.1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[::ffff:169.254.169.254]/
http://[::ffff:0:127.0.0.1]/
http://[64:ff9b::127.0.0.1]/
http://[64:ff9b::a9fe:a9fe]/
http://[64:ff9b:1::a00:1]/
http://[100::1]/
http://[2001::1]/
http://[2001:db8::1]/
http://[2001:20::1]/
http://[2002:7f00:1::]/
http://[2002:a9fe:a9fe::]/
http://[3fff::1]/
http://[5f00::1]/
http://[fc00::1]/
http://[fd00:ec2::254]/
http://[fe80::1]/
http://[fec0::1]/
http://[ff02::1]/
https://127.0.0.1/
https://[::1]:443/
http://localhost/
http://LOCALHOST./
http://user@93.184.215.14/
http://user:secret@93.184.215.14/
http://93.184.215.14@127.0.0.1/
http://127.0.0.1#@93.184.215.14/
http://93.184.215.14\@127.0.0.1/
http://127.0.0.1\.example.jp/
http://127.0.0.1%00.example.jp/
http://127.0.0.1%2f@example.jp/
http://１２７.０.０.１/
http://①②⑦.⓪.⓪.①/
http://ⓛocalhost/
http:///etc/passwd
http://example.jp:99999/
http://[::1/
http:example.jp
//93.184.215.14/
file:///etc/passwd
gopher://127.0.0.1:11211/_stats
ftp://93.184.215.14/
dict://93.184.215.14:11211/
ldap://93.184.215.14/
jar:http://93.184.215.14!/
unix:///var/run/docker.sock
javascript:alert(1)
data:text/xml,<rss/>
http://example.jp/{tab}feed
http://example.jp/feed{crlf}Host:internal
""".strip().splitlines()

HOSTS_IN_CORPUS = tuple(
    host.strip("[]").split("%")[0]
    for url in CORPUS
    for host in [
        url.split("//")[-1].split("/")[0].split("@")[-1].split("#")[0].rsplit(":", 1)[0],
        url.split("//")[-1].split("/")[0],
    ]
)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address that a connection was tried to; none is ever made."""
    tried: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def resolved_numerically(host: str, port: int) -> Sequence[str]:
    """Read numbers as the system does, decimal, octal and hexadecimal; know two names; ask nobody."""
    if host in ("localhost", "localhost."):
        return ("127.0.0.1", "::1")
    if host.endswith("example.jp"):
        return (PUBLIC,)
    return [host if ":" in host else socket.inet_ntoa(socket.inet_aton(host))]


def fetch(
    url: str, *, hosts: Sequence[str], resolve: Callable[[str, int], Sequence[str]] = resolved_numerically
) -> None:
    Downloader(resolve=resolve).get(url, hosts=hosts, validators=Validators())


def test_the_corpus_is_as_long_as_it_should_be() -> None:
    assert len(CORPUS) == len(set(CORPUS)) >= 60


@pytest.mark.parametrize("url", CORPUS)
def test_no_url_of_the_corpus_opens_a_socket(url: str, sockets: list[tuple[str, int]]) -> None:
    written = url.replace("{tab}", "\t").replace("{crlf}", "\r\n")
    with pytest.raises(FetchError):
        fetch(written, hosts=HOSTS_IN_CORPUS)
    assert sockets == []


def test_a_public_address_is_connected_to_as_it_was_checked(sockets: list[tuple[str, int]]) -> None:
    with pytest.raises(FetchError, match="does not answer"):
        fetch("https://feeds.example.jp/feed", hosts=["feeds.example.jp"])
    assert sockets == [(PUBLIC, 443)]


def test_a_host_that_the_source_does_not_name_is_refused(sockets: list[tuple[str, int]]) -> None:
    with pytest.raises(ForbiddenAddressError, match=r"other\.example\.jp"):
        fetch("https://other.example.jp/feed", hosts=["feeds.example.jp"])
    assert sockets == []


@pytest.mark.parametrize("written", ["FEEDS.example.jp", "feeds.example.jp."])
def test_hosts_are_compared_without_case_and_trailing_dot(
    written: str, sockets: list[tuple[str, int]]
) -> None:
    with pytest.raises(FetchError, match="does not answer"):
        fetch(f"http://{written}/feed", hosts=["Feeds.Example.JP"])
    assert sockets == [(PUBLIC, 80)]


@pytest.mark.parametrize("answer", [(PUBLIC, "10.0.0.1"), ("::1", PUBLIC), ("fe80::1", PUBLIC)])
def test_a_name_with_one_private_address_among_public_ones_is_refused(
    answer: tuple[str, ...], sockets: list[tuple[str, int]]
) -> None:
    with pytest.raises(ForbiddenAddressError):
        fetch("http://feeds.example.jp/", hosts=["feeds.example.jp"], resolve=lambda *_: answer)
    assert sockets == []


def test_a_name_that_changes_its_answer_after_the_check_is_not_asked_twice(
    sockets: list[tuple[str, int]],
) -> None:
    answers: Iterator[tuple[str, ...]] = iter([(PUBLIC,), ("169.254.169.254",), ("169.254.169.254",)])
    with pytest.raises(FetchError):
        fetch("http://feeds.example.jp/", hosts=["feeds.example.jp"], resolve=lambda *_: next(answers))
    assert sockets == [(PUBLIC, 80)]
    assert next(answers) == ("169.254.169.254",)


def test_the_addresses_of_a_name_are_tried_in_turn_and_no_more_than_three(
    sockets: list[tuple[str, int]],
) -> None:
    answer = ("2606:4700::1", "93.184.215.1", "93.184.215.2", "93.184.215.3")
    with pytest.raises(FetchError):
        fetch("http://feeds.example.jp/", hosts=["feeds.example.jp"], resolve=lambda *_: answer)
    assert [host for host, _ in sockets] == ["93.184.215.1", "93.184.215.2", "93.184.215.3"]


@pytest.mark.parametrize("fault", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_a_fetch_error(
    fault: Exception, sockets: list[tuple[str, int]]
) -> None:
    def unknown(*_: object) -> Sequence[str]:
        raise fault

    with pytest.raises(FetchError, match="does not resolve"):
        fetch("http://feeds.example.jp/", hosts=["feeds.example.jp"], resolve=unknown)
    assert sockets == []


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_allowed_networks_are_read_from_a_list() -> None:
    assert networks_in("") == ()
    assert [str(network) for network in networks_in(" 127.0.0.1/32, 10.1.0.0/16 ")] == [
        "127.0.0.1/32",
        "10.1.0.0/16",
    ]


@pytest.mark.parametrize("wrong", ["localhost", "10.0.0.1/8", "127.0.0.1;10.0.0.0/8"])
def test_a_network_that_is_none_is_named(wrong: str) -> None:
    with pytest.raises(ConfigError, match="HIKESHI_FEED_NETWORKS"):
        networks_in(wrong)
