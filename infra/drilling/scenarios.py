"""Scenarios of drills, from YAML files that say what is wrong with them, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from hikeshi.adapters.document_types import Duration, Id, Model, Text, write_duration
from hikeshi.domain.drills import Mark, Scenario, ScenarioPost, Targets, Wave
from infra.configuring.documents import Document, read_document
from infra.configuring.problems import Problem
from infra.configuring.reading import plain_values, problems_of
from infra.configuring.roster_checks import duplicates

FOLDER = Path(__file__).resolve().parents[1] / "drills"

_Count = Annotated[int, Field(ge=0, le=10_000_000)]


class PostModel(Model):
    """A post of a wave."""

    id: Id | None = None
    after: Duration = timedelta()
    author: Text
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    followers: _Count = 0
    reposts: _Count = 0
    likes: _Count = 0
    media: tuple[Text, ...] = ()


class WaveModel(Model):
    """Posts that come together."""

    id: Id
    at: Duration
    about: Text
    when: tuple[Mark, ...] = ()
    unless: tuple[Mark, ...] = ()
    follows: Id | None = None
    posts: Annotated[tuple[PostModel, ...], Field(min_length=1)]


class TargetsModel(Model):
    """By when what is to be reached."""

    acknowledged: Duration = Targets().acknowledged
    facts: Duration = Targets().facts
    statement: Duration = Targets().statement
    called: Duration | None = None


class ScenarioModel(Model):
    """One file."""

    name: Annotated[str, Field(min_length=1, max_length=30)]
    summary: Annotated[str, Field(min_length=1, max_length=400)]
    lasts: Duration
    targets: TargetsModel = TargetsModel()
    waves: Annotated[tuple[WaveModel, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadScenario:
    """What a file holds: a scenario, unless a problem stands in its way."""

    scenario: Scenario | None
    problems: tuple[Problem, ...] = ()


def shipped() -> list[Path]:
    """Return the scenarios that come with hikeshi."""
    return sorted(FOLDER.glob("*.yaml"))


def path_of(name: str) -> Path:
    """Return the file that is meant: one that ships, by its bare name, or a path."""
    path = Path(name)
    return path if path.suffix or path.name != name else FOLDER / f"{name}.yaml"


def read_scenario(path: Path) -> ReadScenario:
    """Read and check one file."""
    file = read_document(path)
    if file.tree is None:
        return ReadScenario(scenario=None, problems=file.problems)
    try:
        model = ScenarioModel.model_validate(plain_values(file.tree))
    except ValidationError as error:
        return ReadScenario(scenario=None, problems=tuple(problems_of(error, file)))
    problems = tuple(_problems(model, file))
    return ReadScenario(scenario=None if problems else _scenario(path.stem, model), problems=problems)


def _problems(model: ScenarioModel, file: Document) -> Iterator[Problem]:
    """Find what no single field shows."""
    yield from duplicates([wave.id for wave in model.waves], "waves", file)
    if not any(wave.at == timedelta() and not (wave.when or wave.follows) for wave in model.waves):
        yield file.problem("drill_no_start", ("waves",))
    for index, wave in enumerate(model.waves):
        loc = ("waves", index)
        if wave.at >= model.lasts:
            yield file.problem("drill_never", (*loc, "at"), limit=write_duration(model.lasts))
        for mark in set(wave.when) & set(wave.unless):
            yield file.problem("drill_contradiction", (*loc, "unless"), value=mark.value)
        earlier = [each.id for each in model.waves if each.at < wave.at]
        if wave.follows is not None and wave.follows not in earlier:
            near = ", ".join(earlier) or "—"
            yield file.problem("drill_follows", (*loc, "follows"), value=wave.follows, near=near)


def _scenario(name: str, model: ScenarioModel) -> Scenario:
    targets = model.targets
    return Scenario(
        id=name,
        name=model.name,
        # A folded text has spaces where its lines ended, which Japanese does not write.
        summary=model.summary.replace("。 ", "。").strip(),
        lasts=model.lasts,
        waves=tuple(_wave(wave) for wave in model.waves),
        targets=Targets(**dict(targets)),
    )


def _wave(model: WaveModel) -> Wave:
    return Wave(
        id=model.id,
        about=model.about,
        at=model.at,
        when=model.when,
        unless=model.unless,
        follows=model.follows or "",
        posts=tuple(_post(post, f"{model.id}-{place}") for place, post in enumerate(model.posts, start=1)),
    )


def _post(model: PostModel, name: str) -> ScenarioPost:
    return ScenarioPost(
        id=model.id or name,
        text=model.text,
        author=model.author,
        after=model.after,
        followers=model.followers,
        reposts=model.reposts,
        likes=model.likes,
        media=model.media,
    )
