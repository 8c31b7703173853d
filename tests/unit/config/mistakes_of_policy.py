"""What a deployer gets wrong in ladders and playbooks."""

from __future__ import annotations

from tests.unit.config.mistakes import Mistake

IN_ESCALATION = {
    "an unknown role of a step": Mistake(
        "escalation.yaml",
        "roles: [lead, legal]",
        "roles: [chef]",
        "one_of",
        "ladders.warning.steps[1].roles[0]",
    ),
    "an unknown person in a step": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "people: [ueda, itoh]",
        "unknown_person",
        "ladders.warning.steps[1].people[1]",
    ),
    "a wait without a unit": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 5", "duration", "ladders.critical.steps[0].wait"
    ),
    "a wait too short to answer": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 1s", "span_out_of_range", "ladders.critical.steps[0].wait"
    ),
    "a wait of more than a week": Mistake(
        "escalation.yaml", "wait: 5m", "wait: 8d", "span_out_of_range", "ladders.critical.steps[0].wait"
    ),
    "an acknowledgement that lapses before anybody can move": Mistake(
        "escalation.yaml",
        "    ack_expires_after: 1h",
        "    ack_expires_after: 5m",
        "span_out_of_range",
        "ladders.critical.ack_expires_after",
    ),
    "an acknowledgement that hardly ever lapses": Mistake(
        "escalation.yaml",
        "    ack_expires_after: 1h",
        "    ack_expires_after: 8d",
        "span_out_of_range",
        "ladders.critical.ack_expires_after",
    ),
    "a roll-call of nobody": Mistake(
        "escalation.yaml",
        "      roles: [executive]\n      every",
        "      roles: []\n      every",
        "empty_roll_call",
        "ladders.critical.roll_call.roles",
    ),
    "a roll-call without an end": Mistake(
        "escalation.yaml",
        "      repeats: 3",
        "      repeats: 400",
        "out_of_range",
        "ladders.critical.roll_call.repeats",
    ),
    "an unknown rotation": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "rotations: [nobodys-night]",
        "unknown_rotation",
        "ladders.warning.steps[1].rotations[0]",
    ),
    "hours that are none": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        'when: {hours: "22:00"}',
        "hours",
        "ladders.warning.steps[1].when.hours",
    ),
    "hours to the second": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        'when: {hours: "22:00:10-22:00:20"}',
        "hours",
        "ladders.warning.steps[1].when.hours",
    ),
    "growth within thousands of years": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "when: {growing: {posts: 20, within: 99999999d}}",
        "span_out_of_range",
        "ladders.warning.steps[1].when.growing.within",
    ),
    "a condition that is not known": Mistake(
        "escalation.yaml",
        "people: [ueda, ito]",
        "when: {raining: true}",
        "unknown_field",
        "ladders.warning.steps[1].when.raining",
    ),
    "steps that all have a condition": Mistake(
        "escalation.yaml",
        "\n        - roles: [customer_support, lead]\n          wait: 15m\n        - roles: [pr]\n",
        "\n        - roles: [pr]\n          when: {raised: true}\n",
        "only_conditions",
        "overrides.complaint.warning.steps",
    ),
    "a stage of the clock that takes no time": Mistake(
        "escalation.yaml",
        "found: 20m, told: 10m, facts",
        "found: 20m, told: 1s, facts",
        "span_out_of_range",
        "response_clock.warning.told",
    ),
    "an executive who is asked for after the target": Mistake(
        "escalation.yaml",
        "executive: 30m",
        "executive: 4h",
        "after_the_target",
        "response_clock.critical.executive",
    ),
    "a stage of the clock that is left out": Mistake(
        "escalation.yaml",
        "told: 10m, executive: 30m, facts: 90m",
        "told: 10m, executive: 30m",
        "missing",
        "response_clock.critical.facts",
    ),
    "facts about a life that take no time": Mistake(
        "escalation.yaml", "  facts: 15m", "  facts: 1s", "span_out_of_range", "life_at_risk.facts"
    ),
    "a life that may lie in somebody's hands for a minute": Mistake(
        "escalation.yaml",
        "  ack_expires_after: 15m",
        "  ack_expires_after: 1m",
        "span_out_of_range",
        "life_at_risk.ack_expires_after",
    ),
    "a helpline without a word": Mistake(
        "escalation.yaml", "helplines: []", 'helplines: [""]', "empty", "life_at_risk.helplines[0]"
    ),
    "nobody may stand still for less than an hour": Mistake(
        "escalation.yaml", "calming: 3d", "calming: 5m", "span_out_of_range", "standstill.calming"
    ),
    "an unknown channel": Mistake(
        "escalation.yaml",
        "departments: true",
        "channels: [fax]",
        "one_of",
        "ladders.warning.steps[0].channels[0]",
    ),
    "a repeat from a step that is not there": Mistake(
        "escalation.yaml", "repeat_from: 0", "repeat_from: 7", "repeat_from", "ladders.warning.repeat_from"
    ),
    "an empty last resort": Mistake(
        "escalation.yaml", "last_resort: [executive]", "last_resort: []", "empty", "last_resort"
    ),
    "a level nobody knows": Mistake(
        "escalation.yaml", "  warning:", "  alarming:", "unknown_field", "ladders.alarming"
    ),
}

IN_PLAYBOOKS = {
    "a task twice": Mistake(
        "playbooks.yaml",
        "{id: inquiries, ",
        "{id: statement, ",
        "duplicate_id",
        "default.departments.customer_support.tasks[0].id",
    ),
    "a title as long as a book": Mistake(
        "playbooks.yaml",
        "公表文の案をまとめる",
        "長" * 201,
        "too_long",
        "default.departments.pr.tasks[0].title",
    ),
    "a short name that no SMS has room for": Mistake(
        "playbooks.yaml",
        "short: 公表文の案,",
        "short: 公表文の案をまとめる,",
        "too_long",
        "default.departments.pr.tasks[0].short",
    ),
    "a department that does not exist": Mistake(
        "playbooks.yaml",
        "    quality:\n",
        "    kitchen:\n",
        "one_of",
        "categories.contamination.departments.kitchen",
    ),
    "a department that is paged and has no card": Mistake(
        "playbooks.yaml",
        "    quality:\n",
        "    executive:\n",
        "no_card",
        "categories.contamination.departments",
        -1,
    ),
    "a task without a due time": Mistake(
        "playbooks.yaml",
        "short: 公表文の案, due: 60m",
        "short: 公表文の案",
        "missing",
        "default.departments.pr.tasks[0].due",
    ),
    "a task due at once": Mistake(
        "playbooks.yaml",
        "公表文の案, due: 60m",
        "公表文の案, due: 1m",
        "span_out_of_range",
        "default.departments.pr.tasks[0].due",
    ),
    "a reminder before the task": Mistake(
        "playbooks.yaml",
        "公表文の案, due: 60m",
        "公表文の案, due: 60m, remind: 2h",
        "remind_too_early",
        "default.departments.pr.tasks[0].remind",
    ),
    "a department without a card": Mistake(
        "playbooks.yaml",
        "      card:\n        - 取材と公表の窓口を一人に決める\n"
        "        - 確認した事実だけを話す。推測は話さない\n"
        "        - 公式アカウントの予約投稿を止める\n",
        "      card: []\n",
        "empty",
        "default.departments.pr.card",
    ),
    "more first steps than anybody reads": Mistake(
        "playbooks.yaml",
        "    - 次に状況を確かめる時刻を決める\n",
        "    - 次に状況を確かめる時刻を決める\n    - もう一つ\n",
        "too_long",
        "default.first_steps",
        -5,
    ),
    "no skeleton of a holding statement": Mistake(
        "playbooks.yaml",
        "    holding:\n      opening: このたび",
        "    later:\n      opening: このたび",
        "missing",
        "default.statements.holding",
        -1,
    ),
    "s4_12 a skeleton that does not protect the poster": Mistake(
        "playbooks.yaml",
        "care: 投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
        "care: ご理解をお願いいたします。",
        "skeleton",
        "default.statements.holding",
        -5,
    ),
    "an apology where the fault is not ours": Mistake(
        "playbooks.yaml",
        "opening: 当社に関する投稿について、皆様にご心配をおかけしております。",
        "opening: 深くお詫び申し上げます。",
        "skeleton",
        "refinements[8].statements.holding",
        -1,
    ),
    "an approver who may never approve": Mistake(
        "playbooks.yaml",
        "    approve: [legal, executive]",
        "    approve: [legal, quality]",
        "role_may_not",
        "categories.leak.approve",
    ),
    "approvers who are not two": Mistake(
        "playbooks.yaml",
        "    approve: [legal, executive]",
        "    approve: [legal]",
        "nobody_approves",
        "categories.leak.approve",
    ),
    "deciders whom nobody is": Mistake(
        "playbooks.yaml",
        "    decide: [lead, executive]",
        "    decide: [pr]",
        "nobody_decides",
        "categories.leak.decide",
    ),
}
