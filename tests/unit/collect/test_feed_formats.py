from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.adapters.feeds.download import Download, Downloader, Validators
from hikeshi.adapters.feeds.html_text import text_of
from hikeshi.adapters.feeds.reader import HttpFeedReader
from hikeshi.domain.errors import FetchError, InvalidFeedError
from hikeshi.domain.posts import MAX_TEXT, Post
from hikeshi.domain.sources import Cursor
from hikeshi.ports.collecting import FeedPage
from tests.builders import NOON, a_source

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feeds"
AT = NOON + timedelta(minutes=5)
ROOT = '<rss version="2.0"><channel>'
END = "</channel></rss>"


class Canned(Downloader):
    """Answers with what it is given, without a network."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._answer = Download(body=body, content_type=content_type, validators=Validators(etag='"v1"'))

    def get(self, url: str, *, hosts: object, validators: Validators) -> Download:
        return self._answer


def read(body: bytes | str, content_type: str = "application/xml") -> FeedPage:
    content = body.encode() if isinstance(body, str) else body
    reader = HttpFeedReader(downloader=Canned(content, content_type))
    return reader.read(a_source(brand="tsukimi"), Cursor(source_id="kuchikomi"), at=AT)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def items(*texts: str) -> str:
    return ROOT + "".join(f"<item><title>{text}</title></item>" for text in texts) + END


def texts(page: FeedPage) -> list[str]:
    return [post.text for post in page.posts]


# ---- formats -----------------------------------------------------------------------------------


def test_rss_2_is_read_with_its_html_as_plain_text() -> None:
    first, second, third = read(fixture("rss2.xml")).posts
    assert first == Post(
        id="tag:kuchikomi.example.jp,2026:1",
        source="kuchikomi",
        text="つきみチョコに虫\n開けたら虫が入っていました 🐛\n写真です",
        published_at=NOON,
        fetched_at=AT,
        brand="tsukimi",
        url="https://kuchikomi.example.jp/posts/1",
        author="momiji_0513",
        media=("photo",),
    )
    assert (second.id, second.text) == (
        "https://kuchikomi.example.jp/posts/2",
        "売り切れ\n近所の店で\n売り切れでした",
    )
    assert second.media == ("video",)
    assert third.id.startswith("sha256:")
    assert third.published_at == AT


def test_atom_is_read_with_its_counts_and_attachments() -> None:
    first, second = read(fixture("atom.xml")).posts
    assert (first.id, first.reposts, first.likes, first.followers) == ("posts:1001", 742, 1203, 320)
    assert first.text == "つきみのチョコを開けたら虫が入っていた。写真を載せておきます"
    assert (first.published_at, first.media, first.url) == (NOON, ("photo",), "https://posts.example.jp/1001")
    assert (second.text, second.media, second.reposts) == ("レシートです", ("receipt", "photo"), 0)


def test_a_time_in_the_future_becomes_the_time_of_fetching() -> None:
    assert read(fixture("atom.xml")).posts[1].published_at == AT


def test_rss_1_is_read_too() -> None:
    (post,) = read(fixture("rss1.rdf")).posts
    assert (post.text, post.published_at) == ("店内の動画が広がる", datetime(2026, 5, 13, 3, 0, tzinfo=UTC))


def test_json_feed_is_read_and_its_broken_items_are_counted() -> None:
    page = read(fixture("feed.json"), "application/feed+json")
    first, second, third = page.posts
    assert (first.id, first.text, first.published_at) == ("j1", "つきみのチョコに虫が入っていた", NOON)
    assert (first.author, first.reposts, first.media) == ("momiji_0513", 12, ("receipt", "photo"))
    assert (second.id, second.text, second.author) == ("2", "売り切れ\nでした", "sakura")
    assert (third.id, third.published_at) == ("https://posts.example.jp/j3", AT)
    assert page.rejected == 2


def test_the_same_item_gets_the_same_id_at_every_read() -> None:
    assert [post.key for post in read(fixture("rss2.xml")).posts] == [
        post.key for post in read(fixture("rss2.xml")).posts
    ]


def test_an_item_that_is_there_twice_is_one_post() -> None:
    twice = "<item><guid>1</guid><title>あ</title></item>" * 2
    assert len(read(ROOT + twice + END).posts) == 1


def test_a_feed_without_items_is_a_feed() -> None:
    page = read(ROOT + END)
    assert (page.posts, page.rejected, page.etag) == ((), 0, '"v1"')


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc-jp", "iso-2022-jp", "utf-16"])
def test_japanese_encodings_are_read_as_declared(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + items("チョコに虫が入っていた")
    assert texts(read(text.encode(encoding))) == ["チョコに虫が入っていた"]


def test_the_encoding_in_the_header_counts_where_none_is_declared() -> None:
    body = items("チョコに虫").encode("shift_jis")
    assert texts(read(body, "text/xml; charset=Shift_JIS")) == ["チョコに虫"]


def test_a_byte_that_does_not_decode_costs_its_character_alone() -> None:
    body = items("前の投稿", "壊れ@た投稿").encode().replace(b"@", b"\xff")
    assert texts(read(body)) == ["前の投稿", "壊れ\ufffdた投稿"]


# ---- broken feeds ------------------------------------------------------------------------------


def test_stray_ampersands_html_entities_and_control_characters_are_mended() -> None:
    page = read(items("A&B", "空&nbsp;白&copy;", "&#0;制御\x0b文字&#xFFFF;&#128027;"))
    assert texts(page) == ["A&B", "空\xa0白©", "制御文字🐛"]


def test_an_item_that_is_broken_by_itself_is_left_out_and_its_neighbours_pass() -> None:
    page = read(
        ROOT + "<item><title>一</title></item><item><title>二<br></item><item><title>三</title></item>" + END
    )
    assert (texts(page), page.rejected) == (["一", "三"], 1)


def test_an_item_that_says_nothing_or_too_much_is_counted_and_its_neighbours_pass() -> None:
    page = read(items("一", " \u200b\u202e ", "あ" * (MAX_TEXT + 1), "四"))
    assert (texts(page), page.rejected) == (["一", "四"], 2)


def test_a_feed_of_which_no_item_can_be_read_is_not_an_empty_feed() -> None:
    with pytest.raises(InvalidFeedError, match="not one item"):
        read(items(" ", " "))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "empty"),
        (" \r\n ", "empty"),
        ("<?xml version='1.0'?>", "empty"),
        ("<!-- 休止中 -->", "empty"),
        ("Service Unavailable", "not a feed"),
        ("<!DOCTYPE html><html><body>メンテナンス中</body></html>", "web page"),
        ("<!doctype HTML>\n<p>", "web page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "web page"),
        ("<opml version='2.0'/>", "not a feed"),
        ("<svg/>", "not a feed"),
        ("{}", "not a JSON Feed"),
        ('{"version":"https://jsonfeed.org/version/1.1"}', "without items"),
        ('{"version":"https://jsonfeed.org/version/1.1","items":[NaN]}', "not JSON"),
        ('{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 200_000, "not JSON"),
        ('{"errors":[{"message":"rate limit"}]}', "not a JSON Feed"),
        ("\x89PNG\r\n\x1a\n", "not a feed"),
    ],
)
def test_an_answer_that_is_no_feed_is_never_no_posts(body: str, why: str) -> None:
    with pytest.raises(InvalidFeedError, match=why):
        read(body)


@pytest.mark.parametrize("name", ["rss2.xml", "atom.xml", "rss1.rdf", "feed.json"])
def test_a_feed_that_is_cut_short_at_any_byte_is_never_no_posts(name: str) -> None:
    whole = fixture(name).rstrip()
    for length in range(0, len(whole), 7):
        with pytest.raises(InvalidFeedError):
            read(whole[:length])
    with pytest.raises(InvalidFeedError):
        read(whole[:-1])


# ---- hostile feeds -----------------------------------------------------------------------------

BOMB = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + items("&b;")
EXTERNAL = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + items("&x;")


@pytest.mark.parametrize(
    "body", [BOMB, EXTERNAL, "<?xml version='1.0'?><!-- x -->" + BOMB, "<!DOCTYPE rss>" + items("一")]
)
def test_document_types_and_entities_are_refused(body: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(InvalidFeedError, match="DTD"):
            read(body.encode(encoding))


def test_a_document_type_quoted_in_a_post_is_text() -> None:
    assert texts(read(items("<![CDATA[&lt;!DOCTYPE html> と書いた]]>"))) == ["<!DOCTYPE html> と書いた"]


def test_five_hundred_items_are_read_and_one_more_is_refused() -> None:
    assert len(read(items(*map(str, range(500)))).posts) == 500
    with pytest.raises(FetchError, match="more than 500 items"):
        read(items(*map(str, range(501))))
    many = '{"version":"https://jsonfeed.org/version/1.1","items":[' + "1," * 500 + "1]}"
    with pytest.raises(FetchError, match="more than 500 items"):
        read(many)


MIB = 1_048_576
HOSTILE = {
    "nested tags": ROOT + "<a>" * (MIB // 3),
    "very many tags": ROOT + "<a/>" * (MIB // 4),
    "very many attributes": "<rss " + " ".join(f"a{n}=''" for n in range(MIB // 12)) + "/>",
    "unclosed items": ROOT + "<item>" * 499 + "<" * 900_000,
    **{
        f"{name} inside a text": items("<![CDATA[" + part * (1_000_000 // len(part)) + "]]>")
        for name, part in {
            "open brackets": "<",
            "comments": "<!--",
            "scripts": "<script ",
            "quotes": '<a "',
            "half quotes": "<a '\"",
            "ampersands": "&",
            "entities": "&lt;",
        }.items()
    },
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_a_hostile_megabyte_is_dealt_with_in_seconds(name: str) -> None:
    with contextlib.suppress(InvalidFeedError):
        read(HOSTILE[name])


def test_markup_control_and_bidirectional_characters_do_not_reach_the_text() -> None:
    (post,) = read(items("<![CDATA[<b onclick='x()'>虫</b>\u202eが\u2066い\u200bる\x00]]>")).posts
    assert post.text == "虫がいる"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "/relative"])
def test_a_link_that_is_not_to_the_web_is_left_out(link: str) -> None:
    (post,) = read(f"{ROOT}<item><title>一</title><link>{link}</link></item>{END}").posts
    assert post.url is None
    assert post.id == link


@pytest.mark.parametrize(
    "date", ["99999", "Wed, 99 Foo 2026", "0000-00-00", "1969-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]
)
def test_impossible_dates_become_the_time_of_fetching(date: str) -> None:
    (post,) = read(f"{ROOT}<item><title>一</title><pubDate>{date}</pubDate></item>{END}").posts
    assert post.published_at == AT


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_whatever_in_an_item_is_read_or_refused_and_comes_out_plain(text: str) -> None:
    try:
        page = read(items(text, "隣の投稿").encode("utf-8", errors="replace"))
    except (InvalidFeedError, FetchError):
        return
    for post in page.posts:
        post.text.encode()
        assert not any("\u202a" <= character <= "\u202e" for character in post.text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_whatever_are_a_feed_or_an_invalid_feed(body: bytes) -> None:
    with contextlib.suppress(InvalidFeedError, FetchError):
        read(body)


# ---- HTML to text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n二"),
        ("一<br/>二<BR >三", "一\n二\n三"),
        ("<!-- 見えない -->見える", "見える"),
        ("<style>p{}</style>本文<script>x</script >。", "本文。"),
        ('<img alt="a>b">文', "文"),
        ("1 < 2 かつ 3 > 2", "1 < 2 かつ 3 > 2"),
        ("終わらない<!-- コメント", "終わらない"),
        ("&lt;b&gt;太字ではない&lt;/b&gt;", "<b>太字ではない</b>"),
        ("空   白\u3000と&nbsp;改行\n\n\n次", "空 白 と 改行\n次"),
    ],
)
def test_html_becomes_the_words_a_person_would_read(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_not_modified_answer_keeps_the_validators() -> None:
    canned = Canned(b"", "")
    canned._answer = replace(canned._answer, body=None)
    cursor = Cursor(source_id="kuchikomi", etag='"v0"', last_modified="yesterday")
    page = HttpFeedReader(downloader=canned).read(a_source(), cursor, at=AT)
    assert (page.not_modified, page.etag, page.last_modified) == (True, '"v0"', "yesterday")
