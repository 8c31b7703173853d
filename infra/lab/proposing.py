"""From a fit to a candidate that loses nothing: steps that would are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hikeshi.domain.configuration import LexiconFile
from infra.lab.cases import Case
from infra.lab.fitting import Fit, fit, samples_of
from infra.lab.remembering import RememberingScorer, one_reading
from infra.lab.replaying import Effect, Replay, replay
from infra.lab.settings import WEIGHTS, points_in_force, weights_text
from infra.lexicon.checking import check_files
from infra.lexicon.files import FOLDER
from infra.progress import Shown, unseen


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A candidate and what it would change.

    Attributes
    ----------
    weights, before : mapping of str to int
        New points of the rules that change, and their points now.
    taken_back : tuple of str
        Rules whose step would have lost a case or an example.
    text : str
        The file, as it is written.
    """

    fit: Fit
    weights: Mapping[str, int]
    before: Mapping[str, int]
    taken_back: tuple[str, ...]
    replay: Replay
    text: str


def propose(
    cases: Sequence[Case], in_force: tuple[LexiconFile, ...], *, seed: int, shown: Shown = unseen
) -> Proposal:
    """Fit weights to the labelled cases, and drop every step that loses a case that is found now."""
    scorer_of = one_reading()
    scorer = RememberingScorer(scorer_of(in_force))
    levels = _levels(in_force)
    points = points_in_force(in_force)
    samples = samples_of(cases, scorer, points=points, notice=levels[0], warning=levels[1], shown=shown)
    fitted = fit(samples, points=points, seed=seed)
    weights = dict(fitted.weights)
    taken_back: list[str] = []
    while True:
        text = weights_text(weights, before=points, in_force=_held(in_force))
        files = _with_weights(in_force, text)
        compared = replay(cases, current=scorer, candidate=scorer_of(files), shown=shown)
        guilty = _guilty(compared, files, weights)
        if not guilty:
            break
        for rule in guilty:
            del weights[rule]
        taken_back += sorted(guilty)
    return Proposal(
        fit=fitted,
        weights=weights,
        before=points,
        taken_back=tuple(taken_back),
        replay=compared,
        text=text,
    )


def _guilty(compared: Replay, files: tuple[LexiconFile, ...], weights: Mapping[str, int]) -> set[str]:
    """Return the changed rules that speak in a case that is lost, or whose own example is."""
    lost = {
        reason.rule
        for change in compared.of(Effect.LOST)
        for reason in (*change.before.reasons, *change.after.reasons)
    }
    broken = {problem.field for problem in check_files(files, ()).problems}
    return (lost | broken) & weights.keys()


def _levels(files: tuple[LexiconFile, ...]) -> tuple[int, int]:
    from hikeshi.services.scoring.layering import layered

    levels = layered(files).lexicon.levels
    return levels.notice, levels.warning


def _held(in_force: tuple[LexiconFile, ...]) -> str | None:
    return next((file.text for file in in_force if file.name == f"{FOLDER}/{WEIGHTS}"), None)


def _with_weights(in_force: tuple[LexiconFile, ...], text: str) -> tuple[LexiconFile, ...]:
    name = f"{FOLDER}/{WEIGHTS}"
    return (*(file for file in in_force if file.name != name), LexiconFile(name=name, text=text))
