"""The deletion desk in a browser: what it offers, to whom, and what it teaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.takedowns import Ground, Look, Looked, Platform, Takedown, TakedownState
from tests.builders import a_roster, a_takedown, an_own_post
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener

S = TakedownState
BAD_REVIEW = {
    "url": "https://kuchikomi.example.jp/9",
    "ground": "criticism",
    "passage": "まずい。二度と買わない。",
    "infringes": "評判が下がります",
}


def the_page(browser: Browser, person: str) -> str:
    answer = browser.get(f"/r/{browser.stage.link(person)}/takedowns")
    assert answer.status == 200
    return answer.text


def in_state(state: S, **changes: object) -> Takedown:
    approved = {"approved_by": "tanaka", "approved_at": scenes.minute(75)}
    sent = {"sent_by": "suzuki", "sent_at": scenes.minute(78), "deadline": scenes.minute(78 + 7 * 1440)}
    known: dict[str, object] = {"state": state}
    if state not in (S.PROPOSED, S.DRAFT):
        known |= approved
    if state not in (S.PROPOSED, S.DRAFT, S.APPROVED):
        known |= sent
    return a_takedown(**(known | changes))


# ---- what it teaches ------------------------------------------------------------------------------


def test_s3_2_criticism_is_a_choice_that_is_refused_with_an_explanation(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    assert "批判や低い評価が書かれている" in the_page(browser, "suzuki")
    answer = browser.post(f"/r/{browser.stage.link('suzuki')}/takedowns", BAD_REVIEW)
    assert answer.status == 409
    assert "批判や低い評価、感想は、削除を依頼できません。" in answer.text
    assert "まずい。二度と買わない。" in answer.text
    assert 'href="#ask-takedown"' in answer.text
    assert browser.stage.incidents.room(scenes.responding().room.incident.id).takedowns == ()


def test_s3_2_a_doubtful_ground_asks_why_and_shows_the_reason_to_whoever_approves(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.responding())
    path = f"/r/{browser.stage.link('suzuki')}/takedowns"
    assert "doubt_reason" not in browser.get(path).text
    form = BAD_REVIEW | {"ground": "defamation"}
    held = browser.post(path, form)
    assert held.status == 409
    assert "この削除依頼は受け付けられません。" in held.text
    assert 'name="doubt_reason"' in held.text
    assert browser.post(path, form | {"doubt_reason": "画像に「産地偽装」とあります"}).status == 303
    page = the_page(browser, "tanaka")
    assert "感想や低い評価ではありませんか。" in page
    assert "それでも依頼する理由　画像に「産地偽装」とあります" in page


# ---- what it offers -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", S)
def test_s1_15_the_letter_is_there_once_it_is_approved_and_as_long_as_it_is_of_use(
    open_stage: Opener, state: S
) -> None:
    browser = open_stage(scenes.responding(takedowns=(in_state(state),)))
    wanted = state in (S.APPROVED, S.SENT, S.ACKNOWLEDGED, S.REFUSED, S.EXPIRED)
    assert ("サイトを運営されている方へ" in the_page(browser, "suzuki")) is wanted


def test_s1_15_only_another_person_of_legal_is_offered_the_approval(open_stage: Opener) -> None:
    offered = 'action="approve-takedown"'
    browser = open_stage(scenes.taking_down())
    assert offered in the_page(browser, "tanaka")
    assert offered not in the_page(browser, "sato")
    assert "この操作は法務の方が行えます。" in the_page(browser, "sato")
    browser = open_stage(scenes.taking_down(requested_by="tanaka"))
    assert offered not in the_page(browser, "tanaka")
    assert "依頼した方以外の、法務の方（ほかにいないときは役員の方）の承認が必要です。" in the_page(
        browser, "tanaka"
    )


def test_s1_15_an_approval_without_the_number_approves_nothing(open_stage: Opener) -> None:
    browser = open_stage(scenes.taking_down())
    path = f"/r/{browser.stage.link('tanaka')}/approve-takedown"
    for number in ("", "11"):
        assert browser.post(path, {"takedown_id": "takedown-1", "check_number": number}).status in (400, 403)
    assert browser.stage.incidents.room(scenes.taking_down().room.incident.id).takedowns[0].state is S.DRAFT


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (S.PROPOSED, {"withdrawn"}),
        (S.DRAFT, {"withdrawn"}),
        (S.APPROVED, {"sent", "withdrawn"}),
        (S.SENT, {"acknowledged", "removed", "refused"}),
        (S.ACKNOWLEDGED, {"removed", "refused"}),
        (S.EXPIRED, {"sent", "removed", "refused"}),
        (S.REFUSED, {"removed"}),
        (S.REMOVED, set()),
        (S.WITHDRAWN, set()),
    ],
)
def test_s1_15_only_the_steps_of_the_chart_are_offered(
    open_stage: Opener, state: S, offered: set[str]
) -> None:
    page = the_page(open_stage(scenes.responding(takedowns=(in_state(state),))), "suzuki")
    steps = {"sent", "acknowledged", "removed", "refused", "withdrawn", "expired", "approved"}
    assert {step for step in steps if f'name="step" value="{step}"' in page} == offered


def test_a_step_that_came_too_late_says_so_and_changes_nothing(open_stage: Opener) -> None:
    browser = open_stage(scenes.taking_down())
    form = {"takedown_id": "takedown-1", "step": "sent", "site_answer": ""}
    answer = browser.post(f"/r/{browser.stage.link('suzuki')}/takedown-step", form)
    assert answer.status == 409
    assert "依頼の段階が変わっています。" in answer.text


def test_s1_15_the_page_tells_the_deadline_the_looks_and_the_digest(open_stage: Opener) -> None:
    looked = (Looked(look=Look.THERE, by="hikeshi", at=scenes.minute(90)),)
    takedown = in_state(S.SENT, looks=looked, reference="受付 0513")
    page = the_page(open_stage(scenes.responding(takedowns=(takedown,))), "suzuki")
    for said in (
        "回答の期限　5月20日 14:15",
        "法律上の期限かどうかは、弁護士にご確認ください。",
        "掲載の確認　まだ見られる　hikeshi 14:27",
        "受付番号・控え　受付 0513",
        takedown.evidence.sha256,
    ):
        assert said in page
    assert f'href="{takedown.url}"' not in page


def test_a_letter_of_an_exercise_says_so(open_stage: Opener) -> None:
    scene = scenes.responding(takedowns=(in_state(S.APPROVED),))
    incident = replace(scene.room.incident, drill="drill-1")
    page = the_page(open_stage(replace(scene, room=replace(scene.room, incident=incident))), "suzuki")
    assert "【訓練】サイトを運営されている方へ" in page


REQUEST = {
    "url": "https://matome.example.jp/archives/777",
    "ground": "privacy",
    "passage": "店員の本名は森田 光、自宅は月見駅の裏",
    "infringes": "氏名と住所は当社の社員のもので、同意がありません",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "matome.example.jp/1"}, "「投稿のアドレス」は https:// か http:// から始まるアドレスを"),
        ({"infringes": ""}, "「どの言葉が、何を、なぜ侵しているか」が空です。"),
        ({"ground": "nothing"}, "「依頼の根拠」は、画面に示された中から選んでください。"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_with_the_remedy(
    open_stage: Opener, wrong: dict[str, str], said: str
) -> None:
    browser = open_stage(scenes.responding())
    answer = browser.post(f"/r/{browser.stage.link('suzuki')}/takedowns", REQUEST | wrong)
    assert (answer.status, said in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("suzuki", "本文を保存し、田中 翠さんに承認をお願いしました。"),
        ("tanaka", "本文を保存し、高橋 誠さんに承認をお願いしました。"),
    ],
)
def test_whoever_asks_is_told_who_was_asked_to_approve(open_stage: Opener, by: str, said: str) -> None:
    browser = open_stage(scenes.responding())
    path = f"/r/{browser.stage.link(by)}/takedowns"
    assert browser.post(path, REQUEST).status == 303
    assert said in browser.get(f"{path}?done=takedown_requested").text


def test_where_nobody_else_may_approve_the_page_says_so_and_whom_to_turn_to(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    seats = {Role.LEGAL: ("tanaka",), Role.LEAD: ("sato",)}
    browser.stage.configuration = replace(browser.stage.configuration, roster=a_roster(seats=seats))
    path = f"/r/{browser.stage.link('tanaka')}/takedowns"
    assert browser.post(path, REQUEST).status == 303
    page = browser.get(f"{path}?done=takedown_requested").text
    assert (
        "承認できる方がほかにいないため、だれにも承認をお願いしていません。名簿（roster.yaml）の管理者に"
        in page
    )


# ---- our own posts --------------------------------------------------------------------------------


def test_s2_15_each_step_of_an_own_post_is_offered_after_the_one_before(open_stage: Opener) -> None:
    browser = open_stage(scenes.taking_down())
    page = the_page(browser, "suzuki")
    assert 'action="own-post-removed"' in page
    assert 'action="own-post-told"' not in page
    assert "済　保存する　鈴木 健さん 14:09" in page
    assert "未　取り下げる" in page
    form = {"own_post_id": "own-1", "reason": "配慮を欠きました"}
    path = f"/r/{browser.stage.link('suzuki')}/own-post-removed"
    assert browser.post(path, form).status == 400
    assert browser.post(path, form | {"notice": "お詫びして取り下げます。"}).status == 303
    page = the_page(browser, "suzuki")
    assert 'action="own-post-removed"' not in page
    assert 'action="own-post-told"' in page


# ---- the room -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("takedowns", "expected"),
    [
        ((), "権利を侵す投稿があるときに使います。"),
        ((in_state(S.DRAFT),), "依頼した方以外の承認を待っています。"),
        ((in_state(S.APPROVED),), "承認されました。文面を写して送ってください。"),
        ((in_state(S.SENT),), "回答を待っています。"),
        ((in_state(S.EXPIRED),), "回答の期限を過ぎました。"),
        ((in_state(S.SENT), in_state(S.PROPOSED, id="t-2", number=2)), "同じ文面の投稿が、ほかのアドレス"),
    ],
)
def test_the_room_says_in_one_line_what_is_next(
    open_stage: Opener, takedowns: tuple[Takedown, ...], expected: str
) -> None:
    page = open_stage(scenes.responding(takedowns=takedowns)).room("suzuki").text
    assert expected in page
    assert "/takedowns" in page


def test_the_room_puts_a_post_of_our_own_that_is_left_undone_first(open_stage: Opener) -> None:
    page = open_stage(scenes.taking_down(state=S.EXPIRED)).room("suzuki").text
    assert "自社の投稿の取り下げが、終わっていません。" in page


def test_after_the_end_requests_go_on(open_stage: Opener) -> None:
    scene = scenes.closed()
    room = replace(scene.room, takedowns=(in_state(S.SENT),))
    browser = open_stage(replace(scene, room=room))
    form = {"takedown_id": "takedown-1", "step": "removed", "site_answer": "削除の連絡がありました"}
    answer = browser.post(f"/r/{browser.stage.link('suzuki')}/takedown-step", form)
    assert answer.status == 303
    assert "削除済み" in the_page(browser, "suzuki")


def test_300_requests_and_50_own_posts_stay_below_200_kilobytes(open_stage: Opener) -> None:
    many = tuple(
        in_state(
            S.EXPIRED,
            id=f"takedown-{n}",
            number=n + 1,
            url=f"https://matome.example.jp/{n}/" + "a" * 900,
            passage="虫" * 2000,
            reason="理" * 500,
            result="答" * 500,
            ground=Ground.DEFAMATION,
            platform=Platform.PROVIDER,
        )
        for n in range(300)
    )
    own = tuple(
        an_own_post(id=f"own-{n}", number=n + 1, text="文" * 2000, wrong="悪" * 500) for n in range(50)
    )
    browser = open_stage(scenes.responding(takedowns=many, own_posts=own))
    token = browser.stage.link("suzuki")
    for page in ("takedowns", "takedowns?page=30", "takedowns?page=999", "takedowns?page=x"):
        answer = browser.get(f"/r/{token}/{page}")
        assert answer.status == 200
        assert len(answer.text.encode()) <= 200_000
    assert len(browser.room("suzuki").text.encode()) <= 200_000
    assert "次の10件" in browser.get(f"/r/{token}/takedowns").text
