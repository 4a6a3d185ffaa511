"""Rules on the settings of criteria: patterns that compile, messages that have a text, rubrics that add up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crc_lab.core.model import Activity, Key, Question
from crc_lab.core.rooms import checks
from crc_lab.core.text import compile_pattern
from crc_lab.french.ideas import PATTERN_LISTS

_CODE_FIELDS = ("code", "sinon", "doublon", "autre", "illisible", "reste", "bilan")
_IDEA_FIELDS = {"id", "au_moins", *PATTERN_LISTS}
_RUBRIC_FIELDS = {"points", "texte", "mots"}


def check_patterns(params: Any, add: Callable[[str], None], name: str = "") -> None:
    """Every list of patterns, however deep, must hold regular expressions; an idea has an id and some patterns."""
    if isinstance(params, dict):
        for key, item in params.items():
            check_patterns(item, add, str(key))
    elif isinstance(params, list):
        for item in params:
            if name == "idees":
                _check_idea(item, add)
            if name in (*PATTERN_LISTS, "mots") and isinstance(item, str):
                try:
                    compile_pattern(item)
                except re.error as error:
                    add(f"motif « {item} » illisible ({error}).")
            else:
                check_patterns(item, add, name if isinstance(item, list) else "")


def _check_idea(idea: Any, add: Callable[[str], None]) -> None:
    fields = set(idea) if isinstance(idea, dict) else set()
    if "id" not in fields or not fields & (set(PATTERN_LISTS) - {"interdits"}):
        add(f"une idée a un « id » et l’une des listes motifs, nies, partout ou parmi : {idea}.")
    for field in sorted(fields - _IDEA_FIELDS):
        add(f"idée « {idea.get('id')} » : le champ « {field} » n’existe pas.")


def check_rubrics(settings: Mapping[str, Any], question: Question, add: Callable[[str], None]) -> None:
    """The lines of a ``grille`` have points and a text, and their points are those of the criterion."""
    for criterion in question.criteria:
        lines = settings.get(criterion.id, {}).get("grille")
        if criterion.check != "relecture" or lines is None:
            continue
        where = f"critère « {criterion.id} » : la grille"
        if not isinstance(lines, list) or not all(_is_rubric_line(line) for line in lines):
            add(f"{where} est une liste de lignes {{ points = …, texte = « … », mots = […] facultatif }}.")
        elif criterion.points and abs(sum(line["points"] for line in lines) - criterion.points) > 1e-9:
            total = sum(line["points"] for line in lines)
            add(f"{where} totalise {total:g} points, le critère en vaut {criterion.points:g}.")


def check_settings(settings: Mapping[str, Any], question: Question, add: Callable[[str], None]) -> None:
    """What a check itself finds wrong with its settings (rules that cannot be read…)."""
    for criterion in question.criteria:
        if criterion.check in checks() and criterion.id in settings:
            for problem in checks()[criterion.check].problems(settings[criterion.id], question):
                add(f"critère « {criterion.id} » : {problem}")


def _is_rubric_line(line: Any) -> bool:
    return (
        isinstance(line, dict)
        and {"points", "texte"} <= set(line) <= _RUBRIC_FIELDS
        and isinstance(line["points"], (int, float))
        and line["points"] > 0
        and isinstance(line["texte"], str)
        and isinstance(line.get("mots", []), list)
    )


def missing_messages(activity: Activity, keys: Mapping[str, Key]) -> Iterator[tuple[str, str]]:
    """(question id, problem): every code that a check may use, or that a setting names, must have its French text."""
    for question in activity.questions:
        key = keys.get(question.id)
        if key is None:
            continue
        known = {*question.messages, *key.messages}
        for criterion in question.criteria:
            if criterion.check not in checks():
                continue
            of_key = _codes(key.criteria.get(criterion.id))
            wanted = {*checks()[criterion.check].codes, *_codes(criterion.params), *of_key}
            for code in sorted(wanted - known):
                yield question.id, f"le message « {code} » (critère « {criterion.id} ») n’a pas de texte."


def missing_keyless_messages(activity: Activity) -> Iterator[tuple[str, str]]:
    """(question id, problem): a code used without the key must have its text with the question itself."""
    for question in activity.questions:
        for criterion in question.criteria:
            check = checks().get(criterion.check)
            for code in sorted(set(check.keyless_codes if check else ()) - set(question.messages)):
                text = f"le message « {code} » (critère « {criterion.id} ») sert sans le corrigé : écrivez-le ici."
                yield question.id, text


def _codes(params: Any, name: str = "") -> set[str]:
    if isinstance(params, Mapping):
        if name in ("erreurs", "faux", "oublies"):
            return {str(code) for code in params.values()}
        return {code for key, item in params.items() if key != "acceptees_si" for code in _codes(item, str(key))}
    if isinstance(params, list):
        return {code for item in params for code in _codes(item, "")}
    return {str(params)} if name in _CODE_FIELDS and params else set()
