"""A call that was played (contenu, révision § 1.1): how it went, where it ended, its steps, the habits it shows."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Json, Message
from crc_lab.core.settings import Mistake, Place, Setting, one_of
from crc_lab.kinds.calls import LOST, MAX_TURNS, Call, Node, Played, Reply, Scenario, iter_choices


@dataclass(frozen=True)
class _Marked:
    """One scenario of an answer: the call as it was played, and the step given to each reply."""

    call: Call
    scenario: Scenario
    played: Played
    steps: tuple[str, ...]

    @property
    def reference(self) -> tuple[Node, ...]:
        return tuple(self.call.nodes[name] for name in expected(self.scenario))

    def right_step(self, at: int) -> bool:
        return at < len(self.steps) and self.steps[at] in self.played.turns[at].node.steps


def expected(scenario: Scenario) -> tuple[str, ...]:
    """The nodes of the reference where we have something to say: not the first, when the call starts after it."""
    return scenario.reference[1:] if scenario.start else scenario.reference


def way(one: _Marked) -> float:
    """Points obtained / the most that the nodes visited, or those of the reference, can give."""
    most = max(sum(node.best for node in one.played.visited), sum(node.best for node in one.reference))
    return sum(turn.reply.points for turn in one.played.turns) / most if most else 0.0


def end(one: _Marked) -> float:
    """1 for the end of the reference, half for another one; none when the client is lost or the call not finished."""
    if one.played.end in ("", LOST):
        return 0.0
    return 1.0 if one.reference and one.played.end == one.reference[-1].end else 0.5


def steps(one: _Marked) -> float:
    """Replies whose step is right / replies; at least those of the reference in a call that is not finished. The same
    step everywhere names nothing."""
    turns = len(one.played.turns)
    if turns > 1 and len(set(one.steps)) == 1 and not all(map(one.right_step, range(turns))):
        return 0.0
    asked = turns if one.played.end else max(turns, len(one.reference))
    return sum(one.right_step(at) for at in range(turns)) / asked if asked else 0.0


def reflexes(one: _Marked) -> float:
    """Distinct habits shown / those that the best replies of the reference show; all when there is none to show."""
    wanted = {name for node in one.reference for name in best_reply(node).reflexes}
    if not wanted:
        return 1.0 if one.played.end else 0.0
    return len(wanted & {name for turn in one.played.turns for name in turn.reply.reflexes}) / len(wanted)


MEASURES: dict[str, Callable[[_Marked], float]] = {"chemin": way, "issue": end, "etapes": steps, "reflexes": reflexes}


def played_call(value: dict[str, Any], context: Context) -> Outcome:
    """The mean of one measure over the scenarios of the question; each fault, once, in the words of its reply."""
    call: Call = context.spec
    measure = str(context.param("mesure"))
    marked = [_marked(call, scenario, value.get(scenario.id, {})) for scenario in call.scenarios]
    share = math.fsum(MEASURES[measure](one) for one in marked) / len(marked)
    if measure == "chemin":
        return Outcome(share, tuple(_faults(marked)))
    return Outcome(share, (), tuple(_step_notes(marked)) if measure == "etapes" else ())


def _marked(call: Call, scenario: Scenario, given: dict[str, Any]) -> _Marked:
    named = tuple(map(str, given.get("etapes", ())))
    return _Marked(call, scenario, call.play(scenario, iter_choices(given)), named)


def _faults(marked: list[_Marked]) -> Iterator[Message]:
    replies = {turn.reply.code: turn.reply for one in marked for turn in one.played.turns if turn.reply.code}
    yield from (Message(code, f"« {reply.text} » {reply.remark}") for code, reply in replies.items())


def _step_notes(marked: list[_Marked]) -> Iterator[CellNote]:
    """One for each reply, by scenario and turn (the first is « 1 »)."""
    for one in marked:
        for at in range(len(one.played.turns)):
            if at < len(one.steps) and one.steps[at]:
                yield CellNote(one.scenario.id, str(at + 1), "juste" if one.right_step(at) else "faux")


# --- answers that prove it --------------------------------------------------------------------------------------------


def best_reply(node: Node) -> Reply:
    return max(node.replies.values(), key=lambda reply: reply.points)


def ways(call: Call, scenario: Scenario) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Every reply that a scenario can come to, by (node, reply), with a shortest way there, itself included."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    ahead: deque[list[tuple[str, str]]] = deque([[]])
    while ahead:
        way_here = ahead.popleft()
        node = call.play(scenario, iter(way_here)).at
        if node is None:
            continue
        for reply in node.replies:
            if (node.id, reply) not in found:
                found[node.id, reply] = [*way_here, (node.id, reply)]
                ahead.append(found[node.id, reply])
    return found


def finished(call: Call, scenario: Scenario, begun: list[tuple[str, str]]) -> dict[str, Json]:
    """The answer that goes on from ``begun`` with the best reply each time, each step named."""
    choices = list(begun)
    while (node := call.play(scenario, iter(choices)).at) is not None and len(choices) < MAX_TURNS:
        choices.append((node.id, best_reply(node).id))
    turns = call.play(scenario, iter(choices)).turns
    return {"parcours": list(map(list, choices)), "etapes": [turn.node.steps[0] for turn in turns]}


def best_answer(call: Call) -> dict[str, Json]:
    """Every scenario played with the best reply each time."""
    return {scenario.id: finished(call, scenario, []) for scenario in call.scenarios}


def _proofs(context: Context) -> Iterator[Proof]:
    """The best calls; none finished; and, for the way, every fault that a scenario can come to, with its message."""
    call: Call = context.spec
    best = best_answer(call)
    yield Proof("les meilleures répliques", best, 1.0)
    if context.param("mesure") != "chemin":
        return
    proven: set[str] = set()
    for scenario in call.scenarios:
        for (node, reply), begun in ways(call, scenario).items():
            code = call.nodes[node].replies[reply].code
            if code and code not in proven:
                proven.add(code)
                answer = {**best, scenario.id: finished(call, scenario, begun)}
                yield Proof(f"« {reply} » en {node} ({scenario.id})", answer, None, code)


def _problems(place: Place) -> Iterator[Mistake]:
    """A scenario whose best replies do not follow its reference."""
    call: Call = place.question.spec
    for scenario in call.scenarios if not any(call.problems()) else ():  # a broken call, told as such, leads nowhere
        names = tuple(node for node, _ in finished(call, scenario, [])["parcours"])
        if scenario.reference and names != expected(scenario):
            yield Mistake(
                ("mesure",), f"scénario {scenario.id} : les meilleures répliques passent par {', '.join(names)}."
            )


CHECKS = {
    "dialogue": Check(
        played_call,
        ("dialogue",),
        about="Un appel joué, mesuré d’une façon : les autres critères de la question prennent les autres mesures.",
        settings=(
            Setting(
                "mesure",
                one_of(*MEASURES),
                "« chemin » : points des répliques ; « issue » : la fin de l’appel ; « etapes » : les étapes bien "
                "nommées ; « reflexes » : les réflexes montrés.",
                required=True,
            ),
        ),
        problems=_problems,
        proofs=_proofs,
    )
}
