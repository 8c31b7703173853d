"""The fact register."""

from __future__ import annotations

from collections.abc import Mapping

from hikeshi.domain.actions import Action
from hikeshi.domain.facts import Credibility, Verdict
from hikeshi.runtime.forms import CHOICE, GROUNDS, ID, TICK, Field, choice, numbers
from hikeshi.runtime.room_forms.form import RoomForm
from hikeshi.services.facts import fact_register
from hikeshi.services.incidents import respond

FORMS: Mapping[Action, RoomForm] = {
    Action.ADD_FACT: RoomForm(
        fields={
            "claim": Field(limit=300),
            "source": Field(limit=200, required=False),
            "key": TICK,
            "rests_on": Field(limit=60, required=False),
        },
        perform=lambda incident, by, typed: fact_register.add_fact(
            incident,
            by=by,
            claim=typed["claim"],
            source=typed["source"],
            key=bool(typed["key"]),
            rests_on=numbers(typed["rests_on"], field="rests_on"),
        ),
    ),
    Action.ADD_SOURCE: RoomForm(
        fields={
            "fact_id": ID,
            "source_name": Field(limit=200),
            "credibility": Field(limit=1),
            "origin": Field(limit=200, required=False),
            "source_url": Field(limit=500, required=False),
        },
        perform=lambda incident, by, typed: fact_register.add_source(
            incident,
            by=by,
            fact_id=typed["fact_id"],
            name=typed["source_name"],
            credibility=choice(Credibility, typed["credibility"], field="credibility"),
            origin=typed["origin"],
            url=typed["source_url"],
        ),
    ),
    Action.KEEP_PROOF: RoomForm(
        fields={
            "fact_id": ID,
            "proof_title": Field(limit=120),
            "proof": Field(limit=8000, lines=True),
        },
        perform=lambda incident, by, typed: fact_register.keep_proof(
            incident, by=by, fact_id=typed["fact_id"], title=typed["proof_title"], content=typed["proof"]
        ),
    ),
    Action.MARK_KEY: RoomForm(
        fields={"fact_id": ID, "key": TICK},
        perform=lambda incident, by, typed: fact_register.mark_key(
            incident, by=by, fact_id=typed["fact_id"], key=bool(typed["key"])
        ),
    ),
    Action.JUDGE_FACT: RoomForm(
        fields={"fact_id": ID, "verdict": CHOICE, "basis": GROUNDS},
        perform=lambda incident, by, typed: fact_register.judge_fact(
            incident,
            by=by,
            fact_id=typed["fact_id"],
            verdict=choice(Verdict, typed["verdict"], field="verdict"),
            basis=typed["basis"],
        ),
    ),
    Action.ESTABLISH_FACTS: RoomForm(
        perform=lambda incident, by, _: respond.establish_facts(incident, by=by)
    ),
}
