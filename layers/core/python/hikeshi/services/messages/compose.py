"""The texts of messages: catalogue and values in, finished SMS or mail out.

A message's values are plain strings. Three endings of a name say how a value is read: ``next_at`` holds
an ISO time and is shown as ``{next}`` on Japan's clock, ``due_date`` holds one of which the day alone is
told, ``ask_key`` holds a catalogue key and is shown as ``{ask}``. A line whose value is missing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from string import Formatter

from hikeshi.domain.incidents import Spread
from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.domain.people import Channel, Person
from hikeshi.services.alerts.pace_text import LEAST_RATE, new_words_of, pace_in_words, rate, times_normal
from hikeshi.services.drills import drill_words
from hikeshi.services.messages import japanese_time, message_text
from hikeshi.services.messages.notices import CALLED_AGAIN, NEWCOMER
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.said import said
from hikeshi.services.messages.short_titles import short_title
from hikeshi.services.messages.wording import Wording

SUBJECT_UNITS = 99
"""SNS takes subjects of fewer than 100 characters."""

VALUE_UNITS = 400
LEAST_SUMMARY = 4
"""Units of the summary that must be left; with fewer, the SMS takes another part."""

LEAST_BESIDE_TASK = 5
"""The same where a task follows: the number tells of which incident it is, the task what to do."""

LEAST_TASK = 8
"""Units of a task that must be left: a short name is never cut, rather a second part is sent."""

LEAST_FIRST_SUMMARY = 7
"""The same in a page, whose reader has heard nothing yet."""

LEAST_BUNDLED = 3
"""The same where one text stands for several: the numbers tell which."""

LEAST_BRAND = 3
"""Units of the brand that must be left in a message that says nothing else of the incident."""

LEAST_CALLED = 10
"""Units that must be left of who calls."""

_FIRST_WORDS = frozenset({"page", "roll_call", "level_raised", "headquarters", "clock"})
"""Moments that can be the first that somebody hears of an incident."""

_CALLED_IN = "called_in"
_SAID = frozenset({"why"})
"""Values that are stored without a language."""

_TASKS = frozenset({"task", "task_near", "task_late"})
_SPACES = re.compile(" {2,}")
_TIME = re.compile(r"\d:\d\d")

_Yielding = tuple[tuple[str, int | None], ...]
"""What an SMS does without until it fits, in order: a value, and to how many units it may be shortened.
None leaves it out whole."""

_OTHERS: _Yielding = (("task_short", LEAST_TASK), ("source", LEAST_SUMMARY), ("people", LEAST_SUMMARY))
_NAMING: _Yielding = (
    *(("spread_short", None), ("do", None), ("brand", 6), ("summary", 7), ("brand", 4)),
    ("summary", LEAST_SUMMARY),
    ("called", LEAST_CALLED),
)
"""The same where the brand has to be read: half of its name still tells it from the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComposedText:
    """A finished text; ``subject`` is empty and ``parts`` counts for an SMS, a mail has one part."""

    subject: str
    text: str
    parts: int = 1


def compose(
    message: Message,
    *,
    person: Person,
    link: str | None,
    wording: Wording,
    at: datetime,
    others: Sequence[Message] = (),
    other_links: Sequence[str | None] = (),
    several_brands: bool = False,
) -> ComposedText:
    """Write the text of a message, with what the others say that travel along.

    Parameters
    ----------
    link : str or None
        The whole address; it is printed on a line of its own and never shortened.
    at : datetime
        When the message was caused: what ``{as_of}`` and 「同じ日」 refer to.
    others, other_links : sequences
        Further messages to the same person; a mail lists them with their links, an SMS counts them.
    several_brands : bool
        Whether more than one brand is watched: the first SMS of an incident then names the one it is about
        before it says how fast the posts spread.
    """
    values = _values(message, person=person, wording=wording, at=at)
    if message.channel is Channel.SMS:
        yielding = _yielding(message, bundled=bool(others), several_brands=several_brands)
        text = _sms(message, values, link=link, wording=wording, others=others, yielding=yielding)
        return ComposedText(subject="", text=text, parts=message_text.sms_parts(text))
    more = f" {wording.text('bundle.more', count=len(others))}" if others else ""
    subject = _fill(wording.template(f"message.{message.moment}.subject"), values)
    mark = drill_words.mark(message, wording)
    room = SUBJECT_UNITS - message_text.utf16_units(mark + more)
    subject = mark + message_text.shortened(subject, room) + more
    listed = [
        _listed(other, link=other_link, wording=wording, at=at)
        for other, other_link in zip_longest(others, other_links[: len(others)])
    ]
    text = _mail(message, values, link=link, wording=wording, listed=listed, subject=subject)
    return ComposedText(subject=subject, text=text)


def compose_line(body: Message | ChatPost, *, wording: Wording, at: datetime) -> str:
    """Write a message in one line, without a link: what it says, of which incident."""
    line = _fill(wording.template(f"message.{body.moment}.sms"), _common(body, wording=wording, at=at))
    return drill_words.mark(body, wording) + line


# ---- values ------------------------------------------------------------------------------------


def _values(message: Message, *, person: Person, wording: Wording, at: datetime) -> dict[str, str]:
    return _common(message, wording=wording, at=at) | {
        "name": _clean(person.name),
        "title": _clean(person.title),
        "check_number": _clean(message.check_number),
    }


def _common(body: Message | ChatPost, *, wording: Wording, at: datetime) -> dict[str, str]:
    """Return what every reader is told; a sentence of the catalogue may name any of the other values."""
    values = dict(_read(body.params, wording=wording, now=at))
    values |= _spread(body.params, wording)
    values |= {
        "number": number_of(body.incident_number, drill=body.drill, words=wording),
        "level": wording.text(f"level.{body.level.value}"),
        "as_of": japanese_time.clock(at),
    }
    sentences = {name.removesuffix("_key"): key for name, key in body.params.items() if name.endswith("_key")}
    filled = {name: _fill(wording.template(key), values) for name, key in sentences.items() if key in wording}
    if drill_words.is_played_life(body):
        # Nobody calls the police because of a drill; the mark says so.
        filled |= {"first": "", "life": wording.text("life.drill")}
    told = values | filled
    # Rows that were written before tasks had short names have but the title.
    return {"task_short": told["task"]} | told if "task" in told else told


def _clean(value: str) -> str:
    return message_text.unlinked(message_text.shortened(message_text.one_line(value), VALUE_UNITS))


def _read(given: Mapping[str, str], *, wording: Wording, now: datetime) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if name.endswith("_at"):
            moment = _moment(value)
            yield (
                name.removesuffix("_at"),
                japanese_time.day_and_clock(moment, wording, now=now) if moment else "",
            )
        elif name.endswith("_date"):
            moment = _moment(value)
            yield name.removesuffix("_date"), japanese_time.day(moment, wording) if moment else ""
        elif not name.endswith("_key"):
            yield name, _clean(said(value, wording) if name in _SAID else value)


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _spread(given: Mapping[str, str], wording: Wording) -> dict[str, str]:
    posts, reposts = _number(given.get("posts")), _number(given.get("reposts"))
    if posts is None or reposts is None:
        return {}
    spread = Spread(
        per_minute=_number(given.get("per_minute")) or 0.0,
        normal_per_minute=_number(given.get("normal_per_minute")) or 0.0,
        sigma=_number(given.get("sigma")),
        acceleration=_number(given.get("acceleration")),
        new_words=tuple(_clean(given.get("new_words", "")).split()),
    )
    per_minute, times = spread.per_minute, times_normal(spread)
    counts = {"posts": f"{posts:.0f}", "reposts": f"{reposts:.0f}", "per_minute": rate(per_minute)}
    short = "short_rate" if per_minute >= LEAST_RATE else "short_reposts" if reposts else "short_posts"
    if times is not None:
        sentence = wording.text("spread.counts_and_rate", **counts, times=times)
    else:
        sentence = wording.text("spread.counts", **counts)
    return {
        "spread": sentence,
        "spread_short": wording.text(f"spread.{short}", **counts),
        "pace": pace_in_words(spread, wording, beside_counts=True),
        "new_words": new_words_of(spread, wording),
    }


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < float("inf") else None


# ---- SMS ---------------------------------------------------------------------------------------


def _sms(
    message: Message,
    values: dict[str, str],
    *,
    link: str | None,
    wording: Wording,
    others: Sequence[Message],
    yielding: _Yielding,
) -> str:
    template = wording.template(f"message.{message.moment}.sms")
    tail = ""
    if message.check_number and link:
        tail += "\n" + wording.text("sms.check_number", check_number=values["check_number"])
    if link:
        tail += "\n" + link
    found = _found_in(template, yielding, is_drill=bool(message.drill))
    brief = short_title(values.get("summary", ""), wording)
    texts = [
        drill_words.mark(message, wording) + _fill(words, attempt) + more + tail
        for words in drill_words.ever_briefer(template, message, wording)
        for more in _mores(message, others, wording)
        for attempt in _ever_shorter(values, found, brief=brief)
    ]
    fewest = message_text.sms_parts(texts[-1])
    return next(text for text in texts if message_text.sms_parts(text) <= fewest)


def _yielding(message: Message, *, bundled: bool, several_brands: bool) -> _Yielding:
    """Return what an SMS does without; whoever hears of an incident for the first time learns the brand."""
    named = NEWCOMER in message.params or message.moment == _CALLED_IN
    if several_brands and message.moment in _FIRST_WORDS:
        named = named or message.params.get("called_key") != CALLED_AGAIN
    if named and not bundled and not message.drill:
        return (*_NAMING, *_OTHERS)
    least, others = _least_summary(message), _OTHERS
    if bundled:
        least, others = LEAST_BUNDLED, tuple((name, LEAST_BUNDLED) for name, _ in _OTHERS)
    if message.drill:  # the mark must be there, and there is only one drill to mean
        least, others = 0, tuple((name, 0) for name, _ in _OTHERS)
    called = LEAST_BUNDLED if bundled or message.drill else LEAST_CALLED
    first = (("brand", None), ("spread_short", None), ("do", None), ("asker", None), ("summary", least))
    return (*first, *others, ("called", called))


def _least_summary(message: Message) -> int:
    if message.moment == "page":
        return LEAST_FIRST_SUMMARY
    return LEAST_BESIDE_TASK if message.moment in _TASKS else LEAST_SUMMARY


def _found_in(template: str, yielding: _Yielding, *, is_drill: bool) -> _Yielding:
    """Keep what a sentence has in it; a brand without a summary beside it is what the sentence is about."""
    used = {name for _, name, _, _ in Formatter().parse(template) if name}
    if "summary" not in used and "brand" in used:
        return (("brand", None if is_drill else LEAST_BRAND),)
    return tuple(each for each in yielding if each[0] in used)


def _mores(message: Message, others: Sequence[Message], wording: Wording) -> tuple[str, ...]:
    """Say how many more there are: with their numbers, and without for when they do not fit."""
    if not others:
        return ("",)
    count = " " + wording.text("bundle.more", count=len(others))
    told = dict.fromkeys(
        number_of(other.incident_number, drill=other.drill, words=wording)
        for other in others
        if other.incident_number not in (0, message.incident_number)
    )
    return (count + "".join(f" #{number}" for number in told), count) if told else (count,)


def _ever_shorter(values: dict[str, str], yielding: _Yielding, *, brief: str) -> Iterator[dict[str, str]]:
    """Yield the values whole, then with one after the other left out or ever shorter.

    ``brief`` says the summary in fewer words: it is taken before the summary is cut, and is what is cut.
    """
    yield values
    left = values
    for name, least in yielding:
        if least is None:
            left = {known: value for known, value in left.items() if known != name}
            yield left
            continue
        whole = brief if name == "summary" else values.get(name, "")
        for units in range(message_text.utf16_units(left.get(name, "")) - 1, least - 1, -1):
            yield left | {name: message_text.shortened(whole, units)}
        left = left | {name: message_text.shortened(whole, least)}


# ---- mail --------------------------------------------------------------------------------------


def _mail(
    message: Message,
    values: dict[str, str],
    *,
    link: str | None,
    wording: Wording,
    listed: Sequence[str],
    subject: str,
) -> str:
    greeting = "mail.to" if values["title"] else "mail.to_name"
    about = "mail.about" if message.incident_number else "mail.about_source"
    body = _paragraphs(wording.template(f"message.{message.moment}.mail"), values)
    notice = [drill_words.banner(wording)] if message.drill else []
    if discreet := values.get("discreet"):
        body += f"\n\n{discreet}"
    blocks = [*notice, _fill(wording.template(greeting), values), body]
    if link:
        more = "mail.more" if message.incident_number else "mail.page"
        blocks += [wording.template(more), link]
        if message.check_number:
            blocks.append(_fill(wording.template("mail.check_number"), values))
    if listed:
        blocks += [wording.text("bundle.heading", count=len(listed)), *listed]
    blocks.append(_fill(wording.template(about), values))
    return _in_zone("\n\n".join(blocks), subject=subject, wording=wording) + "\n"


def _in_zone(text: str, *, subject: str, wording: Wording) -> str:
    """Say whose clock the times are of, unless a line beside one of them has said so."""
    zone = wording.text("mail.zone")
    if zone in text or not _TIME.search(subject + text):
        return text
    return f"{text}\n{wording.text('mail.in_zone', zone=zone)}"


def _listed(other: Message, *, link: str | None, wording: Wording, at: datetime) -> str:
    """Write another message in one line, and under it what its own link opens."""
    lines = [compose_line(other, wording=wording, at=at)]
    if link:
        lines.append(link)
        if other.check_number:
            lines.append(wording.text("mail.check_number", check_number=_clean(other.check_number)))
    return "\n".join(lines)


def _paragraphs(template: str, values: Mapping[str, str]) -> str:
    kept: list[str] = []
    for line in template.strip().splitlines():
        names = [name for _, name, _, _ in Formatter().parse(line) if name]
        if all(values.get(name) for name in names) and (line or (kept and kept[-1])):
            kept.append(line.format_map(values))
    return "\n".join(kept).strip()


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a single line; what is missing leaves no gap behind."""
    return _SPACES.sub(" ", template.format_map(_Gaps(values))).strip()


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
