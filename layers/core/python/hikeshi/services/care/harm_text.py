"""Harm to people in a few words, for the report: of what kind, and what was done; nobody is named."""

from __future__ import annotations

from collections import Counter

from hikeshi.domain.care import HarmKind
from hikeshi.domain.incidents import Room
from hikeshi.services.messages.wording import Wording


def harm_in_words(room: Room, words: Wording) -> str:
    """Say what the incident did to members of staff and how far they are looked after; empty if to none."""
    tracks = room.protections
    if not tracks:
        return ""
    counted = Counter(harm.kind for harm in room.harms)
    kinds = [
        words.text("care.harm_count", kind=words.text(f"care.harm.{kind}"), count=counted[kind])
        for kind in HarmKind
        if counted[kind]
    ]
    seen = sum(len(track.sightings) for track in tracks)
    done = sum(len(track.items) - len(track.open_items) for track in tracks)
    total = sum(len(track.items) for track in tracks)
    said = [words.text("care.harm_people", count=len(tracks), done=done, total=total)]
    if kinds:
        said.append(words.text("care.harm_kinds", kinds=words.text("page.comma").join(kinds)))
    if seen:
        said.append(words.text("care.harm_seen", count=seen))
    return "".join(said)
