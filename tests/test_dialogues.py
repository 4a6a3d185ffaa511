"""Every dialogue, played along every scenario by a program of its own: no dead end, and the marks that it works out."""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Iterator
from statistics import fmean
from typing import Any

import pytest

from crc_lab.core.grading import grade
from crc_lab.core.proof import weighed
from tests.dataset_files import ROOT
from tests.loaded import loaded_activity

NAME = "13_appels"
LOADED = loaded_activity(NAME)
RAW = {
    one["id"]: one
    for one in tomllib.loads((ROOT / "notebooks" / NAME / "exercices.toml").read_text("utf-8"))["question"]
    if one["genre"] == "dialogue"
}
type_of_path = list[tuple[str, str]]
type_of_seen = tuple[tuple[str, int], ...]


class Play:
    """One scenario of one question, read from the file of the activity with nothing of the product."""

    def __init__(self, question: str, scenario: str) -> None:
        told = RAW[question]["dialogue"]
        self.model: dict[str, Any] = RAW[told["comme"]]["dialogue"] if "comme" in told else told
        self.nodes: dict[str, dict[str, Any]] = self.model["noeuds"]
        self.scenario = next(one for one in self.model["scenarios"] if one["id"] == scenario)
        self.reactions = dict(self.scenario["reactions"])
        start = self.model["depart"]
        opening = self.scenario.get("depart")
        self.start: str = self.nodes[start]["reactions"][opening]["vers"] if opening else start
        self.reference: list[str] = self.scenario["reference"][1 if opening else 0 :]

    def replies(self, node: str) -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in self.nodes[node]["repliques"]}

    def best(self, node: str) -> dict[str, Any]:
        return max(self.nodes[node]["repliques"], key=lambda one: one["points"])

    def worst(self, node: str) -> dict[str, Any]:
        return min(self.nodes[node]["repliques"], key=lambda one: one["points"])

    def after(self, node: str, reply: str, seen: dict[str, int]) -> str:
        """Where a reply leads; raises KeyError at a dead end. The third time at a node goes to the way out."""
        reaction = self.replies(node)[reply].get("effet") or self.reactions.get(node, "ok")
        own = self.nodes[node].get("reactions", {})
        following: str = own[reaction]["vers"] if reaction in own else self.model["partout"][reaction]
        return self.model["debordement"] if seen.get(following, 0) >= self.model["visites_max"] else following

    def ahead(self) -> Iterator[tuple[type_of_path, str, type_of_seen]]:
        """Every moment that can be come to: a shortest way there, the node, how often each node was seen."""
        first = (self.start, ((self.start, 1),))
        found, waiting = {first}, deque([([], *first)])
        while waiting:
            path, node, seen = waiting.popleft()
            yield path, node, seen
            if "fin" in self.nodes[node]:
                continue
            for reply in self.replies(node):
                counts = dict(seen)
                following = self.after(node, reply, counts)
                counts[following] = counts.get(following, 0) + 1
                state = (following, tuple(sorted(counts.items())))
                if state not in found:
                    found.add(state)
                    waiting.append(([*path, (node, reply)], *state))

    def finish(self, begun: type_of_path, choose: str = "best") -> type_of_path:
        """The whole call, from ``begun`` with the best reply (or the worst) each time."""
        path, node, seen = list(begun), self.start, {self.start: 1}
        for at, reply in begun:
            if "fin" in self.nodes[at]:
                return path
            node = self.after(at, reply, seen)
            seen[node] = seen.get(node, 0) + 1
        while True:
            reply = getattr(self, choose)(node)["id"]
            path.append((node, reply))
            if "fin" in self.nodes[node]:
                return path
            node = self.after(node, reply, seen)
            seen[node] = seen.get(node, 0) + 1

    def steps(self, node: str) -> list[str]:
        return [self.nodes[node]["etape"], *self.nodes[node].get("etapes_acceptees", [])]

    def named(self, path: type_of_path, wrong_every: int = 0) -> list[str]:
        """The step of each reply, the last accepted one; every so many is a step that is not accepted."""
        every = [one["id"] for one in self.model["etapes"]]
        return [
            next(step for step in every if step not in self.steps(node))
            if wrong_every and at % wrong_every == 0
            else self.steps(node)[-1]
            for at, (node, _) in enumerate(path)
        ]

    def marks(self, path: type_of_path, steps: list[str]) -> dict[str, float]:
        """What the arithmetic of the course book says of a call (révision, § 1.1)."""
        said = [self.replies(node)[reply] for node, reply in path]
        most = max(sum(self.best(node)["points"] for node in nodes) for nodes in (self.reference, [n for n, _ in path]))
        end, wanted_end = (self.nodes[node].get("fin", "") for node in (path[-1][0], self.reference[-1]))
        habits = {name for node in self.reference for name in self.best(node).get("reflexes", [])}
        shown = {name for one in said for name in one.get("reflexes", [])}
        return {
            "chemin": sum(one["points"] for one in said) / most,
            "issue": 0.0 if end in ("", "perdu") else 1.0 if end == wanted_end else 0.5,
            "etapes": sum(step in self.steps(node) for step, (node, _) in zip(steps, path, strict=True)) / len(path),
            "reflexes": len(shown & habits) / len(habits) if habits else 1.0,
        }


SCENARIOS = [(question, scenario) for question, raw in RAW.items() for scenario in raw["scenarios"]]


def test_five_dialogues_serve_six_questions() -> None:
    assert sorted(RAW) == ["R3-Q1", "R3-Q2", "R3-Q3", "R3-Q4", "R3-Q5", "R3-X1"]
    assert len(SCENARIOS) == 15
    models = [raw["dialogue"] for raw in RAW.values() if "comme" not in raw["dialogue"]]
    nodes = [node for model in models for node in model["noeuds"].values()]
    assert (len(nodes), sum(len(node["repliques"]) for node in nodes)) == (45, 179)


@pytest.mark.parametrize(("question", "scenario"), SCENARIOS)
def test_no_call_is_stuck_and_every_call_ends(question: str, scenario: str) -> None:
    play = Play(question, scenario)
    assert "fin" in play.nodes[play.model["debordement"]]
    moments = list(play.ahead())
    assert any("fin" in play.nodes[node] for _, node, _ in moments)
    for path, node, seen in moments:
        assert play.replies(node), (node, path)
        assert max(dict(seen).values()) <= play.model["visites_max"] + 1
        assert len(path) <= play.model["visites_max"] * len(play.nodes)
    for choose in ("best", "worst"):
        assert "fin" in play.nodes[play.finish([], choose)[-1][0]]


@pytest.mark.parametrize(("question", "scenario"), SCENARIOS)
def test_the_best_replies_follow_the_reference(question: str, scenario: str) -> None:
    play = Play(question, scenario)
    assert [node for node, _ in play.finish([])] == play.reference


def answers_to(play: Play) -> Iterator[tuple[type_of_path, list[str]]]:
    """The best and the worst call, then every reply at every moment that it can be said, best replies ahead."""
    for choose, wrong in (("best", 0), ("worst", 0), ("best", 2), ("worst", 3)):
        path = play.finish([], choose)
        yield path, play.named(path, wrong)
    done = set()
    for path, node, seen in play.ahead():
        for reply in play.replies(node):
            if (moment := (node, dict(seen)[node], reply)) not in done:
                done.add(moment)
                whole = play.finish([*path, (node, reply)])
                yield whole, play.named(whole, 2 + len(done) % 3)


@pytest.mark.parametrize(("question", "scenario"), SCENARIOS)
def test_a_call_earns_what_the_arithmetic_says(question: str, scenario: str) -> None:
    asked, key = LOADED.activity.question(question), LOADED.keys[question]
    assert asked is not None
    asked = weighed(asked)
    plays = {name: Play(question, name) for name in RAW[question]["scenarios"]}
    model = {name: play.finish([]) for name, play in plays.items()}
    checked = 0
    for path, steps in answers_to(plays[scenario]):
        if len(set(steps)) == 1 and len(steps) > 1:  # the same step everywhere names nothing: told apart below
            other = next(one["id"] for one in plays[scenario].model["etapes"] if one["id"] != steps[-1])
            steps = [*steps[:-1], other]
        calls = {name: (model[name], plays[name].named(model[name])) for name in plays} | {scenario: (path, steps)}
        marks = [plays[name].marks(*call) for name, call in calls.items()]
        value = {name: {"parcours": list(map(list, call)), "etapes": named} for name, (call, named) in calls.items()}
        for criterion, result in zip(asked.criteria, grade(asked, value, key).criteria, strict=True):
            expected = criterion.points * fmean(one[str(criterion.params["mesure"])] for one in marks)
            assert result.points == pytest.approx(expected, abs=1e-9), (criterion.id, path, steps)
        checked += 1
    assert checked >= sum(len(plays[scenario].replies(node)) for node in plays[scenario].reference)


@pytest.mark.parametrize("question", RAW)
def test_a_call_that_is_not_played_earns_nothing_of_its_share(question: str) -> None:
    asked, key = LOADED.activity.question(question), LOADED.keys[question]
    assert asked is not None
    asked = weighed(asked)
    names = RAW[question]["scenarios"]
    play = Play(question, names[0])
    path = play.finish([])
    value = {names[0]: {"parcours": list(map(list, path)), "etapes": play.named(path)}}
    expected = [criterion.points / len(names) for criterion in asked.criteria]
    assert [one.points for one in grade(asked, value, key).criteria] == pytest.approx(expected)


def test_the_same_step_everywhere_names_nothing() -> None:
    asked, key = LOADED.activity.question("R3-Q3"), LOADED.keys["R3-Q3"]
    assert asked is not None
    path = Play("R3-Q3", "S1").finish([])
    value = {"S1": {"parcours": list(map(list, path)), "etapes": ["noter"] * len(path)}}
    earned = {one.id: one.points for one in grade(asked, value, key).criteria}
    assert (earned["chemin"], earned["etapes"]) == (2, 0)
