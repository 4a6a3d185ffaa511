"""A call that is played: what the other person says, our replies, where each one leads; then the step of each reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crc_lab.core.answers import read_text, read_texts, unexpected
from crc_lab.core.idle import filled
from crc_lab.core.kind import Add, Field, Kind, Shown
from crc_lab.core.model import Json, Option, Question

LOST = "perdu"
"""The end of a call after which the other person is no longer a client."""
USUAL, REFUSAL = "ok", "opposition"
REFUSED = "Ne m’appelez plus."
"""What the other person says to refuse any further call, where the node does not say it otherwise."""
_VISITS = 2
_SECRET = ("niveau", "points", "retour", "code", "reflexes")
"""What a student's question file does not say of a reply."""
MAX_TURNS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to say: its ``points``, why (``remark``), the message code of a fault, the reaction that it forces
    (``effect``), the habits it shows (``reflexes``)."""

    id: str
    text: str
    points: float = 0.0
    remark: str = ""
    code: str = ""
    effect: str = ""
    reflexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A moment of the call: the ``steps`` of the method it may be named after (the best first), the replies to choose
    from, where each reaction leads (text, next node), the ``end`` it is when it is one."""

    id: str
    title: str
    steps: tuple[str, ...]
    replies: Mapping[str, Reply]
    reactions: Mapping[str, tuple[str, str]]
    end: str = ""

    @property
    def best(self) -> float:
        return max((reply.points for reply in self.replies.values()), default=0.0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the other person behaves: one reaction by node, ``start`` before any reply, words for ``{nom}``…;
    ``reference``: the nodes of the call as it should go."""

    id: str
    title: str
    reactions: Mapping[str, str]
    values: Mapping[str, str]
    reference: tuple[str, ...] = ()
    start: str = ""

    def said(self, text: str) -> str:
        for name, value in self.values.items():
            text = text.replace("{" + name + "}", value)
        return text


@dataclass(frozen=True, slots=True)
class Turn:
    """One reply, at a node; ``answer``: what the other person says then."""

    node: Node
    reply: Reply
    answer: str


@dataclass(frozen=True)
class Played:
    """A call as far as it was played: the ``end`` it came to, or the node where a reply is awaited (``at``)."""

    turns: tuple[Turn, ...]
    end: str = ""
    at: Node | None = None

    @property
    def visited(self) -> tuple[Node, ...]:
        return tuple(turn.node for turn in self.turns)


@dataclass(frozen=True)
class Call:
    """The whole of a dialogue: who speaks, the steps and habits to name, the nodes and the scenarios to play."""

    other: str = ""
    context: str = ""
    method: str = ""
    start: str = ""
    overflow: str = ""
    visits: int = _VISITS
    anywhere: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Option, ...] = ()
    reflexes: tuple[Option, ...] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()

    def opening(self, scenario: Scenario) -> tuple[str, Node]:
        """What is heard before the first reply, and the node it is given at."""
        first = self.nodes[self.start]
        if not scenario.start:
            return "", first
        text, following = first.reactions[scenario.start]
        return scenario.said(text), self.nodes[following]

    def play(self, scenario: Scenario, choices: Iterator[tuple[str, str]]) -> Played:
        """The call that these (node, reply) make, up to its end or to the first choice that is not possible there.

        After a reply, the reaction is the one it forces, else the scenario's for this node, else the usual one; a node
        comes at most ``visits`` times, then the call goes to ``overflow``.
        """
        _, node = self.opening(scenario)
        seen: dict[str, int] = {node.id: 1}
        turns: list[Turn] = []
        for where, said in choices:
            reply = node.replies.get(said) if where == node.id else None
            if reply is None or len(turns) >= MAX_TURNS:
                break
            if node.end:
                return Played((*turns, Turn(node, reply, "")), node.end)
            text, following = self._reaction(node, reply, scenario)
            if following not in self.nodes:  # a call that is not well made
                break
            turns.append(Turn(node, reply, scenario.said(text)))
            if seen.get(following, 0) >= self.visits and self.overflow:
                following = self.overflow
            seen[following] = seen.get(following, 0) + 1
            node = self.nodes[following]
        return Played(tuple(turns), at=node)

    def _reaction(self, node: Node, reply: Reply, scenario: Scenario) -> tuple[str, str]:
        name = reply.effect or scenario.reactions.get(node.id) or USUAL
        if name in node.reactions:
            return node.reactions[name]
        return (REFUSED if name == REFUSAL else "", self.anywhere.get(name, ""))

    def problems(self) -> Iterator[str]:
        """What is wrong with the graph: nodes that do not exist, reactions that lead nowhere, dead ends (French)."""
        for name in filter(None, (self.start, self.overflow, *self.anywhere.values())):
            if name not in self.nodes:
                yield f"le nœud « {name} » n’existe pas."
        steps = {step.id for step in self.steps}
        for node in self.nodes.values():
            yield from (f"{node.id} : l’étape « {step} » n’existe pas." for step in node.steps if step not in steps)
            if not node.replies:
                yield f"{node.id} : il n’y a rien à répondre."
            for name, (_, following) in node.reactions.items():
                if following not in self.nodes:
                    yield f"{node.id} : la réaction « {name} » conduit à « {following} », qui n’existe pas."
            for reply in node.replies.values() if not node.end else ():
                if reply.effect and reply.effect not in {*node.reactions, *self.anywhere}:
                    yield f"{node.id}, {reply.id} : l’effet « {reply.effect} » n’est pas une réaction de ce nœud."
        for scenario in self.scenarios:
            for name in (*scenario.reactions, *scenario.reference):
                if name not in self.nodes:
                    yield f"scénario {scenario.id} : le nœud « {name} » n’existe pas."
            for name, reaction in scenario.reactions.items():
                if name in self.nodes and reaction not in {*self.nodes[name].reactions, *self.anywhere}:
                    yield f"scénario {scenario.id} : « {reaction} » n’est pas une réaction de {name}."
        if not any(node.end for node in self.nodes.values()):
            yield "aucun nœud ne termine l’appel (« fin »)."


def _student(raw: Any) -> Any:
    """The graph without what tells a good reply from a bad one."""
    nodes = {
        name: {
            **{key: value for key, value in node.items() if key not in ("etape", "etapes_acceptees")},
            "repliques": [
                {key: value for key, value in reply.items() if key not in _SECRET}
                for reply in node.get("repliques", ())
            ],
        }
        for name, node in raw.get("noeuds", {}).items()
    }
    scenarios = [{key: value for key, value in one.items() if key != "reference"} for one in raw.get("scenarios", ())]
    return {**raw, "noeuds": nodes, "scenarios": scenarios}


class PlayedCall(Kind):
    """The answer: by scenario, ``parcours`` (node and reply of each turn) and ``etapes`` (the step of each reply)."""

    name = check = "dialogue"
    excel = ""
    training = ("retours",)
    fields = {"dialogue": Field(dict, required=True, student=_student), "scenarios": Field(list)}

    def build(self, raw: Mapping[str, Any], add: Add) -> Call:
        model, asked = raw.get("dialogue", {}), raw.get("scenarios")
        try:
            call = _call(model, asked)
        except ValueError as error:
            add(f"le dialogue ne se lit pas : {error}.")
            return Call()
        except (KeyError, TypeError, AttributeError) as error:
            add(f"le dialogue ne se lit pas ({type(error).__name__} : {error}).")
            return Call()
        for name in asked or ():
            if name not in {one.id for one in call.scenarios}:
                add(f"le scénario « {name} » n’existe pas.")
        for problem in call.problems():
            add(problem)
        return call

    @staticmethod
    def read(raw: Json) -> dict[str, dict[str, Any]]:
        if not isinstance(raw, dict) or len(raw) > MAX_TURNS:
            raise unexpected("des appels joués")
        found = {}
        for name, call in raw.items():
            turns = call.get("parcours", []) if isinstance(call, dict) else None
            if not isinstance(turns, list):
                raise unexpected("des appels joués")
            read = [read_texts(turn) for turn in turns[:MAX_TURNS]]
            if any(len(turn) != 2 for turn in read):
                raise unexpected("des appels joués")
            if read:
                found[read_text(name)] = {"parcours": read, "etapes": read_texts(call.get("etapes") or [])}
        return found

    def lazy(self, spec: Call, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """Always the longest reply, or the shortest; the steps everywhere, in turn…"""
        for about, chosen in _WAYS.items():
            played = {scenario.id: _said(spec, scenario, chosen) for scenario in spec.scenarios}
            ways = {name: list(map(list, said)) for name, said in played.items()}
            yield f"{about}, aucune étape", {name: {"parcours": way, "etapes": []} for name, way in ways.items()}
            steps: dict[str, dict[str, Json]] = {}
            for name, way in ways.items():
                for how, named in filled(len(way), [step.id for step in spec.steps]):
                    steps.setdefault(how, {})[name] = {"parcours": way, "etapes": named}
            yield from ((f"{about}, les étapes : {how}", calls) for how, calls in steps.items())

    def page(self, spec: Call) -> dict[str, Any]:
        remarks = {node.id: {one.id: one.remark for one in node.replies.values()} for node in spec.nodes.values()}
        return {"retours": remarks, "dialogue": {
            "interlocuteur": spec.other, "contexte": spec.context, "methode": spec.method, "depart": spec.start,
            "debordement": spec.overflow, "visites": spec.visits, "partout": dict(spec.anywhere), "refus": REFUSED,
            "etapes": [{"id": step.id, "texte": step.text} for step in spec.steps],
            "noeuds": {node.id: _shown_node(node) for node in spec.nodes.values()},
            "scenarios": [
                {"id": one.id, "texte": one.title, "depart": one.start, "reactions": dict(one.reactions),
                 "valeurs": dict(one.values)}
                for one in spec.scenarios
            ],
        }}  # fmt: skip

    def names(self, spec: Call) -> Mapping[str, str]:
        return {option.id: option.text for option in spec.steps}

    def said(self, spec: Call) -> Iterator[str]:
        yield from (spec.context, *(step.text for step in spec.steps))
        for node in spec.nodes.values():
            yield from (reply.text for reply in node.replies.values())
            yield from (text for text, _ in node.reactions.values())

    def reasons(self, spec: Call) -> Iterator[str]:
        yield from (reply.remark for node in spec.nodes.values() for reply in node.replies.values() if reply.remark)

    def shown(self, answer: Json, spec: Call) -> Shown:
        """Each call as it was said, the step given to each of our replies after it."""
        names, lines = self.names(spec), []
        for scenario in spec.scenarios:
            given = answer.get(scenario.id)
            if not isinstance(given, Mapping):
                continue
            heard, _ = spec.opening(scenario)
            told: list[tuple[str, str | Shown]] = [(spec.other, heard)] if heard else []
            steps = list(given.get("etapes") or ())
            for at, turn in enumerate(spec.play(scenario, iter_choices(given)).turns):
                step = names.get(str(steps[at]), "") if at < len(steps) else ""
                told.append(("Vous", scenario.said(turn.reply.text) + (f" [{step}]" if step else "")))
                told += [(spec.other, turn.answer)] if turn.answer else []
            lines.append((scenario.title, Shown(tuple(told))))
        return Shown(tuple(lines))


_WAYS: Mapping[str, Callable[[list[Reply]], Reply]] = {
    "la réplique la plus longue": lambda replies: max(replies, key=lambda one: len(one.text)),
    "la réplique la plus courte": lambda replies: min(replies, key=lambda one: len(one.text)),
}
"""The replies that one may always choose without reading them; their order says nothing, each student has another."""


def _said(call: Call, scenario: Scenario, chosen: Callable[[list[Reply]], Reply]) -> list[tuple[str, str]]:
    """The (node, reply) of a call whose replies are always ``chosen`` in the same way."""
    said: list[tuple[str, str]] = []
    while (node := call.play(scenario, iter(said)).at) is not None and len(said) < MAX_TURNS:
        said.append((node.id, chosen(list(node.replies.values())).id))
    return said


def iter_choices(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The (node, reply) of each turn of one call of an answer."""
    for turn in given.get("parcours") or ():
        if isinstance(turn, (list, tuple)) and len(turn) == 2:
            yield str(turn[0]), str(turn[1])


_FIELDS = {
    "l’appel": "interlocuteur contexte methode depart debordement visites_max partout etapes reflexes noeuds scenarios",
    "un scénario": "id titre reactions valeurs reference depart",
    "une étape": "id texte libelle",
    "un nœud": "titre etape etapes_acceptees repliques reactions fin",
    "une réplique": "id texte niveau points retour code effet reflexes",
    "une réaction": "texte vers",
}


def _of(what: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """``raw`` itself; raises :class:`ValueError` (French) where it has a field that nothing reads."""
    if strange := [name for name in raw if name not in _FIELDS[what].split()]:
        raise ValueError(f"{what} n’a pas de champ « {strange[0]} »")
    return raw


def _call(raw: Mapping[str, Any], asked: list[str] | None) -> Call:
    _of("l’appel", raw)
    played = [_of("un scénario", one) for one in raw["scenarios"] if asked is None or one["id"] in asked]
    scenarios = tuple(
        Scenario(
            str(one["id"]), str(one.get("titre") or f"Appel {number}"),
            {str(node): str(reaction) for node, reaction in one.get("reactions", ())}, dict(one.get("valeurs", {})),
            tuple(one.get("reference", ())), str(one.get("depart") or ""),
        )
        for number, one in enumerate(played, start=1)
    )  # fmt: skip
    return Call(
        str(raw.get("interlocuteur", "")), str(raw.get("contexte", "")), str(raw.get("methode", "")),
        str(raw["depart"]), str(raw.get("debordement", "")), int(raw.get("visites_max", _VISITS)),
        dict(raw.get("partout", {})), _options(raw.get("etapes", ())), _options(raw.get("reflexes", ())),
        {str(name): _node(str(name), node) for name, node in raw["noeuds"].items()}, scenarios,
    )  # fmt: skip


def _options(items: Any) -> tuple[Option, ...]:
    return tuple(
        Option(str(item["id"]), str(item.get("texte") or item.get("libelle")))
        for item in (_of("une étape", one) for one in items)
    )


def _node(name: str, raw: Mapping[str, Any]) -> Node:
    replies = [
        Reply(
            str(one["id"]), str(one["texte"]), float(one.get("points", 0)), str(one.get("retour", "")),
            str(one.get("code", "")), str(one.get("effet", "")), tuple(one.get("reflexes", ())),
        )
        for one in (_of("une réplique", reply) for reply in _of("un nœud", raw)["repliques"])
    ]  # fmt: skip
    steps = tuple(filter(None, (raw.get("etape", ""), *raw.get("etapes_acceptees", ()))))
    reactions = {
        str(key): (str(_of("une réaction", one).get("texte", "")), str(one["vers"]))
        for key, one in raw.get("reactions", {}).items()
    }
    replies_by_id = {reply.id: reply for reply in replies}
    return Node(name, str(raw.get("titre", "")), steps, replies_by_id, reactions, str(raw.get("fin", "")))


def _shown_node(node: Node) -> dict[str, Any]:
    """What the card plays."""
    return {
        "titre": node.title, "fin": node.end,
        "repliques": [
            {"id": one.id, "texte": one.text, "effet": one.effect} for one in node.replies.values()
        ],
        "reactions": {name: {"texte": text, "vers": to} for name, (text, to) in node.reactions.items()},
    }  # fmt: skip
