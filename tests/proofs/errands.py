"""What people see through from its beginning to its end, press by press; anything may come between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

from hikeshi.domain.actions import Action
from hikeshi.domain.assessment import Level
from tests.proofs.hands import NOTHING
from tests.proofs.house import House
from tests.unit.pages.scenes import HOLDING
from tests.unit.pages.stage import NUMBER

Press = tuple[str, Action, dict[str, str]]
Thing = TypeVar("Thing")
THREAT = "店に火をつけてやる。店長の家も知っているから、夜は気をつけるように言っておけ。"


def _newest(things: tuple[Thing, ...]) -> str:
    return str(things[-1].id) if things else NOTHING  # type: ignore[attr-defined]  # all of them have one


def taking_down(house: House) -> Iterator[Press]:
    """Ask a site to take a post down; a copy turns up, and is asked about as well."""
    address = f"https://matome.example.jp/archives/{len(house.room.takedowns)}"
    asked = {"url": address, "ground": "threat", "platform": "auto", "passage": THREAT, "posted_at": ""}
    yield "suzuki", Action.REQUEST_TAKEDOWN, asked
    request = {"takedown_id": _newest(house.room.takedowns)}
    yield "tanaka", Action.APPROVE_TAKEDOWN, request
    yield "suzuki", Action.RECORD_TAKEDOWN, request | {"step": "sent"}
    yield "ito", Action.CHECK_TAKEDOWN, request | {"look": "there"}
    house.copy_turns_up(THREAT)
    yield "suzuki", Action.ADOPT_TAKEDOWN, {"takedown_id": _newest(house.room.takedowns)}


def owning_up(house: House) -> Iterator[Press]:
    """Keep a bad post of our own, take it down and say so."""
    address = f"https://x.com/tsukimi_example/status/{len(house.room.own_posts)}"
    yield "suzuki", Action.ARCHIVE_OWN_POST, {"url": address}
    kept = {"own_post_id": _newest(house.room.own_posts)}
    yield "suzuki", Action.REMOVE_OWN_POST, kept
    yield "suzuki", Action.ANNOUNCE_OWN_POST, kept


def putting_right(house: House) -> Iterator[Press]:
    """Promise to put something right, do it, and look whether it helped."""
    yield "suzuki", Action.ADD_CORRECTION, {"owner": "ito", "change": "manual"}
    action = {"correction_id": _newest(house.room.corrections)}
    yield "ito", Action.COMPLETE_CORRECTION, action
    yield "ito", Action.CHECK_CORRECTION, action


def verifying(house: House) -> Iterator[Press]:
    """Report something; somebody else verifies it, and it becomes a fact."""
    yield "ito", Action.FILE_INBOUND, {"inbound_words": f"返品は{len(house.room.inbound)}件です"}
    report = {"inbound_id": _newest(house.room.inbound)}
    yield "sato", Action.JUDGE_INBOUND, report | {"inbound_verdict": "verified"}
    yield "suzuki", Action.ADOPT_INBOUND, report


def telling_everybody(house: House) -> Iterator[Press]:
    """Call the headquarters, tell it how things stand, and have it read."""
    yield "takahashi", Action.OPEN_HEADQUARTERS, {}
    said = {
        "picture": "",
        "guidance": "窓口を一本化してください",
        "bulletin_facts": "",
        "bulletin_reports": "",
    }
    yield "suzuki", Action.ISSUE_BULLETIN, said
    number = max((each.number for each in house.room.bulletins), default=1)
    for person in house.room.headquarters.members if house.room.headquarters else ():
        yield person, Action.READ_BULLETIN, {"bulletin": str(number)}


def handing_on(house: House) -> Iterator[Press]:
    """Ask for something that no playbook foresees, and hand it on."""
    at = f"{house.stage.clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    yield "sato", Action.ADD_TASK, {"owner": "ito", "department": "quality", "due_at": at}
    yield "ito", Action.HAND_TASK, {"task_id": _newest(house.room.tasks), "owner": "watanabe"}


def looking_back(house: House) -> Iterator[Press]:
    """Say how it went."""
    del house
    yield "ito", Action.GIVE_FEEDBACK, {"speed": "4", "precision": "3", "correctness": "5"}


def saying_nothing(house: House) -> Iterator[Press]:
    """Find that it was a false alarm, or that nothing needs to be said."""
    del house
    yield "sato", Action.DISMISS, {"reason": "他社の商品でした"}
    yield "takahashi", Action.WAIVE_STATEMENT, {"reason": "個別にお詫びしました"}


def sending_back(house: House) -> Iterator[Press]:
    """Find a text wanting, so that it is written anew."""
    at = f"{house.stage.clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    said = HOLDING | {"next_update_at": at, "tone_reason": "必要です"}
    yield "suzuki", Action.DRAFT_STATEMENT, said
    yield "tanaka", Action.RETURN_STATEMENT, {"reason": "お詫びの言葉が要ります"}


def watching_over(house: House) -> Iterator[Press]:
    """Look after a member of staff, who agrees to be watched over and then does not."""
    yield "kato", Action.OPEN_CARE, {}
    track = {"track_id": _newest(house.room.protections)}
    yield "kato", Action.RECORD_NAMES, track
    yield "kato", Action.RECORD_CONSENT, track | {"consent_days": "30"}
    yield "kato", Action.REVOKE_CONSENT, track


def telling_few(house: House) -> Iterator[Press]:
    """Keep the incident among few, let somebody in, and take them out again."""
    yield "kato", Action.RESTRICT, {}
    yield "tanaka", Action.ADMIT, {"member": "suzuki", "check_number": NUMBER}
    yield "tanaka", Action.EXCLUDE, {"member_out": "suzuki", "check_number": NUMBER}
    if len(house.room.facts) % 2:
        yield "tanaka", Action.LIFT_RESTRICTION, {}


def growing(house: House) -> Iterator[Press]:
    """Let it become critical; the executive confirms, the desk says how long it may rest."""
    house.posts_come_in(more=400, level=Level.CRITICAL)
    yield "takahashi", Action.CONFIRM, {}
    yield "nakano", Action.SET_EXPIRY, {"expires_after": "240"}
    yield "sato", Action.WAIVE_SECOND_VIEW, {"reason": "ほかには届いていません"}


def asking_outside(house: House) -> Iterator[Press]:
    """Ask an expert, and take the question back."""
    yield "tanaka", Action.ASK_EXPERT, {"expert": "kobayashi", "days": "3", "share_statement": ""}
    if len(house.room.facts) % 2:
        yield "tanaka", Action.WITHDRAW_REQUEST, {"consultation_id": _newest(house.room.consultations)}


def calling_for_hands(house: House) -> Iterator[Press]:
    """Answer somebody, promise and give them something, with more hands at the desk."""
    yield "watanabe", Action.BEGIN_SURGE, {}
    yield "watanabe", Action.TAKE_INQUIRY, {"case_number": f"CS-{len(house.room.inquiries)}"}
    asked = {"inquiry_id": _newest(house.room.inquiries)}
    yield "watanabe", Action.REPLY, asked
    yield "suzuki", Action.ANSWER_IN_PUBLIC, asked
    at = f"{house.stage.clock.now() + timedelta(days=7):%Y-%m-%dT%H:%M}"
    yield "watanabe", Action.PROMISE_COMPENSATION, {"case_number": "CS-1", "amount_yen": "3240", "pay_by": at}
    yield "watanabe", Action.PAY_COMPENSATION, {"compensation_id": _newest(house.room.compensations)}
    yield "watanabe", Action.END_SURGE, {}


ERRANDS: tuple[Callable[[House], Iterator[Press]], ...] = (
    taking_down,
    owning_up,
    putting_right,
    verifying,
    watching_over,
    telling_few,
    telling_everybody,
    handing_on,
    looking_back,
    saying_nothing,
    sending_back,
    growing,
    asking_outside,
    calling_for_hands,
)
