"""What a deployer gets wrong, file by file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One thing a deployer gets wrong: what stood there, what stands there now, what is said."""

    file: str
    old: str
    new: str
    kind: str
    field: str
    line: int = 0
    """Lines below the edit that the problem is told at."""


IN_ROSTER = {
    "a phone number too short": Mistake(
        "roster.yaml", "phone: 090-0000-0003", "phone: 090-12", "phone", "people[2].phone"
    ),
    **{
        f"a number that no SMS arrives at, {written}": Mistake(
            "roster.yaml",
            "phone: 090-0000-0003",
            f"phone: {written}",
            "phone_without_sms",
            "people[2].phone",
        )
        for written in (
            "03-1234-5678",
            "0120-123-456",
            "0800-123-4567",
            "050-1234-5678",
            "0570-012-345",
            "0990-123-456",
            "020-1234-5678",
            "+81 3-1234-5678",
            "+1 800-555-0199",
        )
    },
    **{
        f"a number of nobody, {written}": Mistake(
            "roster.yaml", "phone: 090-0000-0003", f"phone: {written}", "phone", "people[2].phone"
        )
        for written in ("090-0000-001", "090-0000-00001", "110", "+81 90-0000-001")
    },
    **{
        f"the same way {often}": Mistake(
            "roster.yaml", "deputy: ueda", f"{field}: [{ways}]", kind, f"people[0].{field}"
        )
        for often, field, ways, kind in (
            ("three times", "urgent", "sms, mail 3m, sms 10m, sms 20m", "way_too_often"),
            ("at once", "urgent", "sms, mail 3m, sms", "way_at_once"),
            ("at once for what is not urgent", "normal", "mail 10m, mail 10m", "way_at_once"),
        )
    },
    "a phone number in words": Mistake(
        "roster.yaml", "phone: 090-0000-0003", "phone: 携帯", "phone", "people[2].phone"
    ),
    "a mail address without a host": Mistake(
        "roster.yaml", "mail: sato@example.jp", "mail: sato", "mail", "people[2].mail"
    ),
    "an unknown role of a person": Mistake(
        "roster.yaml", "roles: [lead]", "roles: [boss]", "one_of", "people[4].roles[0]"
    ),
    "a role without its brackets": Mistake(
        "roster.yaml", "roles: [lead]", "roles: lead", "not_list", "people[4].roles"
    ),
    "a name that is a list": Mistake(
        "roster.yaml", "name: 佐藤 花子", "name: [a]", "not_text", "people[2].name"
    ),
    "neither yes nor no": Mistake(
        "roster.yaml", "deputy: ueda", "active: perhaps", "not_true_or_false", "people[0].active"
    ),
    "no role at all": Mistake("roster.yaml", "roles: [lead]", "roles: []", "empty", "people[4].roles"),
    "an unknown deputy": Mistake(
        "roster.yaml", "deputy: ueda", "deputy: ueta", "unknown_person", "people[0].deputy"
    ),
    "a person without a name": Mistake(
        "roster.yaml", "name: 佐藤 花子", "title2: x", "missing", "people[2].name", -1
    ),
    "a person twice": Mistake("roster.yaml", "id: ueda", "id: arai", "duplicate_id", "people[1].id"),
    "an id with spaces": Mistake("roster.yaml", "id: ueda", "id: Ueda San", "bad_id", "people[1].id"),
    "a deputy of one's own": Mistake(
        "roster.yaml", "deputy: ito", "deputy: sato", "deputy_cycle", "people[2].deputy"
    ),
    "a way that is none": Mistake(
        "roster.yaml", "deputy: ueda", "urgent: [fax]", "way", "people[0].urgent[0]"
    ),
    "a way without an address": Mistake(
        "roster.yaml", "mail: ishida@law.example.jp", "normal: [mail]", "no_address", "people[13].normal[0]"
    ),
    "nothing urgent at once": Mistake(
        "roster.yaml", "deputy: ueda", "urgent: [sms 1m, mail 3m]", "urgent_waits", "people[0].urgent"
    ),
    "quiet all day": Mistake(
        "roster.yaml", "deputy: ueda", "quiet: 22:00-22:00", "quiet_hours", "people[0].quiet"
    ),
    "quiet for ten seconds": Mistake(
        "roster.yaml", "deputy: ueda", 'quiet: "22:00:10-22:00:20"', "quiet_hours", "people[0].quiet"
    ),
    "quiet hours on another clock": Mistake(
        "roster.yaml", "deputy: ueda", 'quiet: "22:00Z-07:00"', "quiet_hours", "people[0].quiet"
    ),
    "hours of an expert to the second": Mistake(
        "roster.yaml", '"09:00-18:00"', '"09:00:30-18:00"', "hours", "experts[0].hours"
    ),
    "an urgent way that comes in thousands of years": Mistake(
        "roster.yaml",
        "deputy: ueda",
        "urgent: [mail, sms 99999999d]",
        "span_out_of_range",
        "people[0].urgent[1]",
    ),
    "a way that waits for more than a day": Mistake(
        "roster.yaml", "deputy: ueda", "normal: [mail 25h]", "span_out_of_range", "people[0].normal[0]"
    ),
    "turns of two years": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai], starts: 2026-09-07, every: 730d}]\ndefault_engages:",
        "span_out_of_range",
        "rotations[0].every",
    ),
    "an absence until the end of time": Mistake(
        "roster.yaml",
        "default_engages:",
        "absences: [{person: arai, since: 2026-08-16, until: 9999-12-31}]\ndefault_engages:",
        "moment",
        "absences[0].until",
    ),
    "quiet hours in words": Mistake(
        "roster.yaml", "deputy: ueda", "quiet: 夜", "quiet_hours", "people[0].quiet"
    ),
    "a rotation without people": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [], starts: 2026-09-07}]\ndefault_engages:",
        "empty",
        "rotations[0].people",
    ),
    "a rotation of somebody unknown": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai, nobody], starts: 2026-09-07}]\ndefault_engages:",
        "unknown_person",
        "rotations[0].people[1]",
    ),
    "a rotation of somebody without its role": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai, mori], starts: 2026-09-07, role: desk}]\n"
        "default_engages:",
        "rotation_role",
        "rotations[0].people[1]",
    ),
    **{
        f"an override {what}": Mistake(
            "roster.yaml",
            "default_engages:",
            "rotations: [{id: a, name: a, people: [arai, ueda], starts: 2026-09-07, role: desk,"
            f" overrides: [{override}]}}]\ndefault_engages:",
            kind,
            f"rotations[0].overrides[0].{field}",
        )
        for what, override, kind, field in (
            (
                "by somebody without the role",
                "{person: mori, since: 2026-09-09, until: 2026-09-10}",
                "rotation_role",
                "person",
            ),
            (
                "of two years",
                "{person: ueda, since: 2026-09-09, until: 2028-09-10}",
                "override_too_long",
                "until",
            ),
        )
    },
    "turns of a minute": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai], starts: 2026-09-07, every: 1m}]\ndefault_engages:",
        "turn_too_short",
        "rotations[0].every",
    ),
    "a hand-over at no time": Mistake(
        "roster.yaml",
        "default_engages:",
        "rotations: [{id: a, name: a, people: [arai], starts: 月曜}]\ndefault_engages:",
        "moment",
        "rotations[0].starts",
    ),
    "an absence of somebody unknown": Mistake(
        "roster.yaml",
        "default_engages:",
        "absences: [{person: nobody, since: 2026-08-10, until: 2026-08-16}]\ndefault_engages:",
        "unknown_person",
        "absences[0].person",
    ),
    "an absence that ends before it begins": Mistake(
        "roster.yaml",
        "default_engages:",
        "absences: [{person: arai, since: 2026-08-16, until: 2026-08-10}]\ndefault_engages:",
        "ends_before_it_begins",
        "absences[0].until",
    ),
    "a category that does not exist": Mistake(
        "roster.yaml", "  misconduct: [", "  misconducts: [", "misspelt", "engages.misconducts"
    ),
    "somebody who is lost if two SMS fail": Mistake(
        "roster.yaml", "    mail: nakano@example.jp\n", "", "sms_only", "people[6]", -6
    ),
    "a task nobody would own": Mistake(
        "roster.yaml",
        "roles: [hr]",
        "roles: [expert]",
        "no_owner",
        "categories.misconduct.departments.hr",
    ),
}

IN_SETTINGS_AND_WATCHES = {
    "a number that is none": Mistake(
        "watches.yaml", "weight: 5.0", "weight: heavy", "not_number", "sources[1].weight"
    ),
    "minutes in words": Mistake(
        "watches.yaml", "every_minutes: 5", "every_minutes: often", "not_whole", "sources[1].every_minutes"
    ),
    "a brand without fields": Mistake(
        "watches.yaml",
        "  - id: public-search\n",
        "  - news\n  - id: public-search\n",
        "not_fields",
        "sources[0]",
    ),
    "a source of an unknown brand": Mistake(
        "watches.yaml", "weight: 5.0", "brand: hinodee", "unknown_brand", "sources[1].brand"
    ),
    "a source whose host may not be connected to": Mistake(
        "watches.yaml", "hosts: [news.example.jp]", "hosts: [example.jp]", "host", "sources[1].hosts"
    ),
    "a source that is not on the web": Mistake(
        "watches.yaml", "url: https://news", "url: ftp://news", "url", "sources[1].url"
    ),
    "a source that is read too often": Mistake(
        "watches.yaml", "every_minutes: 5", "every_minutes: 0", "out_of_range", "sources[1].every_minutes"
    ),
    "a query that is in most posts": Mistake(
        "watches.yaml", "      ひので製菓 OR ", "      の OR ", "query_too_wide", "brands[0].query", -1
    ),
    "a query whose bracket stays open": Mistake(
        "watches.yaml", "焼き菓子))", "焼き菓子)", "query", "brands[0].query", -2
    ),
    "a number of the desk in words": Mistake(
        "settings.yaml", 'desk_phone: ""', "desk_phone: 内線", "desk_phone", "desk_phone"
    ),
    "a number of the desk too short": Mistake(
        "settings.yaml", 'desk_phone: ""', "desk_phone: 110", "desk_phone", "desk_phone"
    ),
    "a cap on nothing": Mistake(
        "settings.yaml",
        "{within: 15m, at_most: 5}",
        "{within: 15m, at_most: 0}",
        "out_of_range",
        "message_caps[1].at_most",
    ),
    "after-care of five years": Mistake(
        "settings.yaml", "after_care: 30d", "after_care: 1825d", "span_out_of_range", "after_care"
    ),
    "calm that never comes": Mistake(
        "settings.yaml", "calm_after: 6h", "calm_after: 6000h", "span_out_of_range", "calm_after"
    ),
    "an answer that nobody waits for": Mistake(
        "settings.yaml", "reply_within: 24h", "reply_within: 240d", "span_out_of_range", "reply_within"
    ),
    "a topic that takes new posts for seconds": Mistake(
        "settings.yaml",
        "grouping_window: 24h",
        "grouping_window: 24s",
        "span_out_of_range",
        "grouping_window",
    ),
    "a cap for a month": Mistake(
        "settings.yaml",
        "{within: 15m, at_most: 5}",
        "{within: 30d, at_most: 5}",
        "span_out_of_range",
        "message_caps[1].within",
    ),
    "a word that waits for two days": Mistake(
        "settings.yaml", "publish_within: 10m", "publish_within: 2d", "span_out_of_range", "publish_within"
    ),
    "a limit without an end": Mistake(
        "settings.yaml", "per_minute: 10", "per_minute: .inf", "not_number", "levels[2].per_minute"
    ),
    "a chat of a service that we do not post to": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: ops, kind: irc, secret: hikeshi/chat/ops}]",
        "one_of",
        "chats[0].kind",
    ),
    "a chat whose secret is not one for chats": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: ops, kind: slack, secret: link-keys}]",
        "chat_secret",
        "chats[0].secret",
    ),
    "a chat twice": Mistake(
        "settings.yaml",
        "chats: []",
        "chats: [{id: a, kind: slack, secret: hikeshi/chat/a}, {id: a, kind: line, secret: hikeshi/chat/b}]",
        "duplicate_id",
        "chats[1].id",
    ),
    "a field nobody knows": Mistake(
        "settings.yaml", "after_care: 30d", "aftercare: 30d", "unknown_field", "aftercare"
    ),
    "a row of the level table that lifts nothing": Mistake(
        "settings.yaml",
        "reposts: 300, level: critical",
        "reposts: 300, level: warning",
        "level_not_above",
        "levels[0].level",
    ),
    "a row of the level table that never decides": Mistake(
        "settings.yaml", "[warning], posts: 30", "[warning], reposts: 400", "unreachable_row", "levels[1]"
    ),
    "a level that does not exist": Mistake(
        "settings.yaml", "{content: [notice]", "{content: [mild]", "one_of", "levels[4].content[0]"
    ),
    "a row without its reason": Mistake(
        "settings.yaml", "because: raised.posts", "becuse: raised.posts", "missing", "levels[1].because"
    ),
}
