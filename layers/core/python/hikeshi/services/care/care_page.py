"""The protection of staff: a page for those who look after them, and a few lines for everybody else."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.care import PLANS, READERS, CareItem, Harm, HarmKind, Protection, Sighting
from hikeshi.domain.masking import Names
from hikeshi.services.messages.audience import holders_of
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.room_picture import shown_source
from hikeshi.services.room.visit import Visit, shown

MOST_HARMS = 20
MOST_SIGHTINGS = 20
DAYS = 30
"""How long a watch lasts unless somebody says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CareCard:
    """A step of the checklist."""

    id: str
    title: str
    how: str
    state: str
    tone: str
    trail: tuple[str, ...]
    assign: Form
    done: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class NamesBox:
    """What is hidden; ``terms`` only on the page that somebody asked for with a reason."""

    state: str
    tone: str
    terms: tuple[tuple[str, str], ...]
    reveal: Form
    record: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchBox:
    """What the person agreed to, and what the watch found."""

    state: str
    tone: str
    trail: tuple[str, ...]
    seen: tuple[str, ...]
    record: Form
    revoke: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class HarmBox:
    """The harassment log, newest first."""

    rows: tuple[tuple[str, str, str], ...]
    more: str
    kinds: tuple[tuple[str, str], ...]
    add: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class CarePage:
    """The page of one track; ``tracks`` lead to the others."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    tracks: tuple[tuple[str, str], ...]
    track: str
    heading: str
    opened: str
    progress: str
    names: NamesBox | None
    steps: tuple[CareCard, ...]
    owners: tuple[tuple[str, str], ...]
    watch: WatchBox | None
    harms: HarmBox | None
    days: str
    open_care: Form


@dataclass(frozen=True, kw_only=True, slots=True)
class CarePanel:
    """What everybody sees of it: that it is done, and that nobody is named; ``href`` for its readers."""

    sentence: str
    rows: tuple[str, ...]
    href: str
    open_care: Form


def care_panel(visit: Visit) -> CarePanel | None:
    """Show how far the protection is; or offer to open it while nobody has."""
    tracks = visit.room.protections
    open_care = visit.form(Action.OPEN_CARE)
    if not tracks:
        return CarePanel(sentence="", rows=(), href="", open_care=open_care) if open_care.gate.open else None
    reads = bool(READERS & visit.reader.roles)
    rows = [
        visit.text("care.progress_of", label=each.label, progress=_progress(visit, each)) for each in tracks
    ]
    if reads and any(each.names is None for each in tracks):
        rows.append(visit.text("care.nameless"))
    return CarePanel(
        sentence=visit.text("care.no_names_here"),
        rows=tuple(rows),
        href=visit.base + "care" if reads else "",
        open_care=visit.form(Action.OPEN_CARE, gate=Gate(open=False)),
    )


def care_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> CarePage:
    """Compose the page of one track: of the one just worked on, or the one that the number says."""
    tracks = visit.room.protections
    track = _chosen(visit, page)
    holders = holders_of((Role.HR, Role.LEGAL, Role.LEAD, Role.EXECUTIVE), visit.configuration.roster)
    return CarePage(
        page_title=visit.text("care.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        tracks=tuple(
            (visit.text("care.person", label=each.label), "" if each is track else f"care?page={number}")
            for number, each in enumerate(tracks, start=1)
        )
        if len(tracks) > 1
        else (),
        track=track.id if track else "",
        heading=visit.text("care.person", label=track.label) if track else visit.text("care.none"),
        opened=visit.text("care.opened", by=visit.by_at(track.opened_by, track.opened_at)) if track else "",
        progress=_progress(visit, track) if track else "",
        names=_names(visit, track) if track else None,
        steps=tuple(_step(visit, item) for item in track.items) if track else (),
        owners=tuple((each.id, each.name) for each in holders),
        watch=_watch(visit, track) if track else None,
        harms=_harms(visit, track) if track else None,
        days=str(DAYS),
        open_care=visit.form(Action.OPEN_CARE),
    )


def _chosen(visit: Visit, page: str) -> Protection | None:
    tracks = visit.room.protections
    worked_on = visit.revealed or (visit.attempt.typed.get("track_id", "") if visit.attempt else "")
    for number, track in enumerate(tracks, start=1):
        if track.id == worked_on or (not worked_on and page == str(number)):
            return track
    return tracks[0] if tracks else None


def _progress(visit: Visit, track: Protection) -> str:
    done = len(track.items) - len(track.open_items)
    return visit.text("page.task.progress", done=done, total=len(track.items))


# ---- names ---------------------------------------------------------------------------------------


def _names(visit: Visit, track: Protection) -> NamesBox:
    names = track.names
    if names is None or not names.family:
        state, tone = visit.text("care.names_none"), "late"
    else:
        by = visit.by_at(track.named_by, track.named_at) if track.named_by and track.named_at else ""
        state, tone = visit.text("care.names_kept", count=len(names.terms), by=by), "calm"
    reveal = visit.form(Action.REVEAL_NAMES, gate=None if names else Gate(open=False))
    is_asked_for = names is not None and visit.revealed == track.id
    return NamesBox(
        state=state,
        tone=tone,
        terms=_terms(visit, names) if names is not None and is_asked_for else (),
        reveal=reveal,
        record=visit.form(Action.RECORD_NAMES),
    )


def _terms(visit: Visit, names: Names) -> tuple[tuple[str, str], ...]:
    comma = visit.text("page.comma")
    told = (
        ("name", f"{names.family} {names.given}".strip()),
        ("reading", f"{names.family_reading} {names.given_reading}".strip()),
        ("nicknames", comma.join(names.nicknames)),
        ("handles", comma.join(names.handles)),
        ("places", comma.join(names.places)),
    )
    return tuple((visit.text(f"care.term.{name}"), shown(text, 400)) for name, text in told if text)


# ---- the checklist -------------------------------------------------------------------------------


def _step(visit: Visit, item: CareItem) -> CareCard:
    state, tone = _state(visit, item)
    due = visit.when(item.due_at)
    if item.owner:
        trail = [visit.text("page.task.owner", owner=visit.name(item.owner), due=due)]
    else:
        trail = [visit.text("care.owner_role", role=visit.text(f"role.{PLANS[item.step].role}"), due=due)]
    if item.done_by is not None and item.done_at is not None:
        if item.note:
            trail.append(visit.text("page.task.result", result=shown(item.note, 240)))
        trail.append(visit.text("page.task.done_by", by=visit.by_at(item.done_by, item.done_at)))
    closed = Gate(open=False) if item.done_at is not None else None
    return CareCard(
        id=item.step.value,
        title=visit.text(f"care.step.{item.step}"),
        how=visit.text(f"care.how.{item.step}"),
        state=state,
        tone=tone,
        trail=tuple(trail),
        assign=visit.form(Action.ASSIGN_CARE, gate=closed, item=item.step.value),
        done=visit.form(Action.COMPLETE_CARE, gate=closed, item=item.step.value),
    )


def _state(visit: Visit, item: CareItem) -> tuple[str, str]:
    if item.done_at is not None:
        return visit.text("page.task.done"), "calm"
    if visit.at > item.due_at:
        return visit.text("page.task.late", span=visit.lasting(visit.at - item.due_at)), "late"
    return visit.text("page.task.open", span=visit.lasting(item.due_at - visit.at)), "wait"


# ---- the watch -----------------------------------------------------------------------------------


def _watch(visit: Visit, track: Protection) -> WatchBox:
    held = track.consent(visit.at)
    last = track.consents[-1] if track.consents else None
    trail = []
    if last is not None:
        taken = visit.by_at(last.taken_by, last.recorded_at)
        trail.append(visit.text("care.consent_taken", by=taken, how=shown(last.how, 240)))
        if last.revoked_by is not None and last.revoked_at is not None:
            trail.append(visit.text("care.consent_revoked", by=visit.by_at(last.revoked_by, last.revoked_at)))
    if held is not None:
        state = visit.text("care.watching", count=len(held.terms), until=visit.when(held.until))
    else:
        state = visit.text("care.not_watching")
    newest = sorted(track.sightings, key=lambda each: each.seen_at, reverse=True)
    return WatchBox(
        state=state,
        tone="calm" if held is not None else "quiet",
        trail=tuple(trail),
        seen=tuple(_seen(visit, each) for each in newest[:MOST_SIGHTINGS]),
        record=visit.form(Action.RECORD_CONSENT, gate=Gate(open=False) if held is not None else None),
        revoke=visit.form(Action.REVOKE_CONSENT, gate=None if held is not None else Gate(open=False)),
    )


def _seen(visit: Visit, sighting: Sighting) -> str:
    at, source = visit.when(sighting.seen_at), shown_source(visit, sighting.source)
    return visit.text("care.seen", at=at, source=source, url=shown(sighting.url))


# ---- the harassment log --------------------------------------------------------------------------


def _harms(visit: Visit, track: Protection) -> HarmBox:
    own = [harm for harm in visit.room.harms if harm.person == track.id]
    newest = sorted(own, key=lambda harm: (harm.noted_at, harm.id), reverse=True)
    hidden = max(len(newest) - MOST_HARMS, 0)
    return HarmBox(
        rows=tuple(_harm(visit, harm) for harm in newest[:MOST_HARMS]),
        more=visit.text("page.more", count=hidden) if hidden else "",
        kinds=tuple((kind.value, visit.text(f"care.harm.{kind}")) for kind in HarmKind),
        add=visit.form(Action.NOTE_HARM),
    )


def _harm(visit: Visit, harm: Harm) -> tuple[str, str, str]:
    said = visit.text("care.harm_row", kind=visit.text(f"care.harm.{harm.kind}"), what=shown(harm.what, 400))
    return (
        said,
        visit.text("care.effect", effect=shown(harm.effect, 400)),
        visit.by_at(harm.noted_by, harm.noted_at),
    )
