"""What a message of a drill says before all else: that it is one, and that nobody outside is called."""

from __future__ import annotations

from hikeshi.domain.outbox import ChatPost, Message
from hikeshi.services.messages.wording import Wording


def is_played_life(body: Message | ChatPost) -> bool:
    """Tell whether it belongs to a drill, and in the drill a life is at risk."""
    return bool(body.drill) and "life_key" in body.params


def mark(body: Message | ChatPost, wording: Wording) -> str:
    """Return what stands before a line; about a life, also that nobody calls the police."""
    short = wording.text("drill.no_call_short") if is_played_life(body) else ""
    return wording.text("drill.mark") + short if body.drill else ""


def banner(wording: Wording) -> str:
    """Say that nothing is real and nobody outside is called, which the first steps of many incidents ask."""
    return f"{wording.text('drill.mark')}{wording.text('drill.banner')}\n{wording.text('drill.no_call')}"


def ever_briefer(template: str, body: Message | ChatPost, wording: Wording) -> tuple[str, ...]:
    """Return a sentence, and about a life the same without its level: that nobody calls stays whole."""
    shorter = template.replace(wording.template("sms.mark"), "")
    return (template, shorter) if is_played_life(body) else (template,)
