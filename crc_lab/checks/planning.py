"""The rules of a planning (contenu, révision § 1.2): one criterion a rule, each with its share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.idle import LEAST
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import CODE, Setting, integer, list_of, mapping, names_of, one_of, reference
from crc_lab.kinds.planning import Agent, Grid

type_of_hours = Mapping[str, tuple[int, ...]]

UNDECIDED = 0.25
TOGETHER = Message(
    "TOUS-ENSEMBLE",
    "Tout le monde commence, ou finit, à la même heure : un planning décale les arrivées et les départs. "
    "Tel quel, il ne rapporte que le quart des points.",
)
IN_STEPS = Message(
    "EN-ESCALIER",
    "Chacun commence une heure après le précédent de la liste, sans regarder les situations ni les besoins : tel quel, "
    "ce planning ne rapporte que le quart des points.",
)


def planned(value: dict[str, tuple[int, ...]], context: Context) -> Outcome:
    """One rule. Shares: hours of agents covered / needed; agents who respect it / agents concerned; hours with a lead /
    hours. Someone planned for more hours than owed covers nothing: ticking the whole grid is no planning. Where
    everyone begins, or ends, at the same hour and the key does not, or each an hour after the one above, a quarter is
    all that it can earn."""
    grid: Grid = context.spec
    if not any(value.get(agent.id) for agent in grid.agents):
        return Outcome(0.0)
    rule = str(context.param("regle"))
    share, wrong = (_BY_HOUR if rule in _BY_HOUR else _BY_AGENT)[rule](value, grid, context)
    by_agent: dict[str, str] = context.param("erreurs", {})
    codes = dict.fromkeys(by_agent.get(name) or context.param("sinon", "") for name in wrong)
    messages = tuple(context.message(code) for code in codes if code)
    if _all_together(value, grid) and not _all_together(context.answer, grid):
        share, messages = min(share, UNDECIDED), (TOGETHER, *messages)
    elif _in_steps(value, grid) and not _in_steps(context.answer, grid):
        share, messages = min(share, UNDECIDED), (IN_STEPS, *messages)
    return Outcome(share, messages, tuple(CellNote(name, rule, "faux") for name in wrong))


def _all_together(value: Mapping[str, Sequence[int]], grid: Grid) -> bool:
    """Whether everyone who may work does, and all of them begin, or all of them end, at the same hour."""
    planned = [hours for agent in grid.agents if not agent.absent and (hours := value.get(agent.id))]
    everyone = len(planned) == sum(not agent.absent for agent in grid.agents) >= LEAST
    return everyone and any(len({edge(map(int, hours)) for hours in planned}) == 1 for edge in (min, max))


def _in_steps(value: Mapping[str, Sequence[int]], grid: Grid) -> bool:
    """Whether everyone who may work does, in hours that follow, each beginning an hour after the one above in the list
    (one who may not work taking a place in it, or not)."""
    begins = []
    for at, agent in enumerate(grid.agents):
        hours = sorted(map(int, value.get(agent.id, ())))
        if hours and hours != list(range(hours[0], hours[0] + len(hours))):
            return False
        if not agent.absent:
            begins.append((at, hours[0] if hours else None))
    steps = {None if one is None or two is None else (two - one, to - at) for (at, one), (to, two) in pairwise(begins)}
    return len(begins) >= LEAST and all(step is not None and step[0] in (1, step[1]) for step in steps)


def _present(value: type_of_hours, grid: Grid, slot: int) -> list[Agent]:
    return [one for one in grid.agents if slot in value.get(one.id, ()) and len(value[one.id]) <= one.hours]


def _coverage(value: type_of_hours, grid: Grid, _context: Context) -> tuple[float, list[str]]:
    covered = [min(len(_present(value, grid, slot)), need) for slot, need in zip(grid.slots, grid.need, strict=False)]
    short = [f"{slot} h" for slot, number, need in zip(grid.slots, covered, grid.need, strict=False) if number < need]
    return sum(covered) / (sum(grid.need) or 1), short


def _leads(value: type_of_hours, grid: Grid, _context: Context) -> tuple[float, list[str]]:
    without = [slot for slot in grid.slots if not any(one.lead for one in _present(value, grid, slot))]
    return 1 - len(without) / (len(grid.slots) or 1), [f"{slot} h" for slot in without]


def _by_agent(
    concerns: Callable[[Agent, Context], bool], respected: Callable[[Agent, tuple[int, ...], Context], bool]
) -> Callable[[type_of_hours, Grid, Context], tuple[float, list[str]]]:
    def rule(value: type_of_hours, grid: Grid, context: Context) -> tuple[float, list[str]]:
        concerned = [one for one in grid.agents if concerns(one, context)]
        wrong = [
            one.id
            for one in concerned
            if not (respected(one, value[one.id], context) if value.get(one.id) else one.absent)
        ]
        return 1 - len(wrong) / (len(concerned) or 1), wrong

    return rule


def _whole_hours(agent: Agent, hours: tuple[int, ...], context: Context) -> bool:
    """All the hours owed, in one piece but for the break, within what is free."""
    gaps = hours[-1] - hours[0] + 1 - len(hours)
    allowed = 1 if _has_break(agent, context) else 0
    return len(hours) == agent.hours and gaps <= allowed and agent.start <= hours[0] and hours[-1] < agent.end


def _has_break(agent: Agent, context: Context) -> bool:
    return not agent.absent and agent.hours >= int(context.param("pause_des", 7))


def _break(_agent: Agent, hours: tuple[int, ...], context: Context) -> bool:
    """One hour off, starting when it may, with enough hours before and after it."""
    off = sorted(set(range(hours[0], hours[-1] + 1)) - set(hours))
    least = int(context.param("autour", 2))
    if len(off) != 1 or off[0] not in context.param("pauses", ()):
        return False
    return off[0] - hours[0] >= least and hours[-1] - off[0] >= least


def _rested(agent: Agent, hours: tuple[int, ...], _context: Context) -> bool:
    return not agent.absent and hours[0] >= agent.rest


type_of_rule = Callable[[type_of_hours, Grid, Context], tuple[float, list[str]]]
_BY_HOUR: dict[str, type_of_rule] = {"couverture": _coverage, "referent": _leads}
_BY_AGENT: dict[str, type_of_rule] = {
    "heures": _by_agent(lambda agent, _: not agent.absent, _whole_hours),
    "pauses": _by_agent(_has_break, _break),
    "repos": _by_agent(lambda agent, _: agent.absent or agent.rest > 0, _rested),
}


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """What each rule forbids, done once in the model planning."""
    grid: Grid = context.spec
    rule, model = context.param("regle"), {name: tuple(hours) for name, hours in context.answer.items()}
    otherwise = context.param("sinon", "")
    if rule in _BY_HOUR:
        emptied = {name: [hour for hour in hours if hour != grid.slots[0]] for name, hours in model.items()}
        yield Proof(f"personne à {grid.slots[0]} h", emptied, None, otherwise, ("sinon",))
        every = {agent.id: list(grid.slots) for agent in grid.agents}
        yield Proof("tout le monde, toute la journée", every, 0.0, otherwise, ("regle",))
        return
    for agent in grid.agents:
        code = context.param("erreurs", {}).get(agent.id, "") or otherwise
        hours = model.get(agent.id, ())
        wrong: tuple[int, ...] = ()
        if rule == "heures" and hours:
            wrong = hours[:-1]
        elif rule == "pauses" and hours and _has_break(agent, context):
            wrong = tuple(range(hours[0], hours[0] + agent.hours))
        elif rule == "repos" and (agent.absent or agent.rest):
            wrong = grid.slots[: agent.hours]
        if wrong:
            yield Proof(
                f"{agent.id} : {', '.join(map(str, wrong))} h", {**_lists(model), agent.id: list(wrong)}, None, code
            )


def _lists(model: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    return {name: list(hours) for name, hours in model.items()}


_AGENT = reference("une personne du planning", lambda place: names_of(place.question, place.criterion))
CHECKS = {
    "planning": Check(
        planned,
        ("planning",),
        about="Une règle d’un planning : une part par règle, une règle par critère.",
        settings=(
            Setting(
                "regle",
                one_of(*_BY_HOUR, *_BY_AGENT),
                "« couverture » : le besoin de chaque heure ; « referent » : un référent à chaque heure ; « heures » : "
                "les heures dues, d’un seul tenant ; « pauses » : une heure de pause ; « repos » : le repos légal.",
                required=True,
            ),
            Setting("pauses", list_of(integer(0)), "Les heures où une pause peut commencer."),
            Setting(
                "pause_des", integer(1), "Le nombre d’heures à partir duquel il y a une pause (7 si rien n’est dit)."
            ),
            Setting("autour", integer(0), "Les heures de travail avant et après la pause (2 si rien n’est dit)."),
            Setting("erreurs", mapping(_AGENT, CODE), "Le message d’une personne pour qui la règle n’est pas tenue."),
            Setting("sinon", CODE, "Le message des autres."),
        ),
        proofs=_proofs,
    )
}
