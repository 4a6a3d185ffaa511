"""Typed facts: what a number with its unit decides, or who pays, and not statistics. They overrule the model.

A fact is a table of the key (``faits``):

- ``{ sorte = "duree", idee = …, mois = 36, sinon = … }``: a text that says a duration says this one;
- ``{ sorte = "montants", idee = …, personne = 75000, societe = 375000, sinon = … }``: each amount with its party;
- ``{ sorte = "paiement", idee = …, sinon = … }``: free for consumers; ``sinon``: consumers pay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crc_lab.reading.words import Window

Fact = Mapping[str, Any]
Verdict = dict[str, bool]
"""What facts settle: label → whether the text holds it."""

_NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10, "douze": 12}
_NUMBER = r"\d+|" + "|".join(_NUMBERS)
_DURATION = re.compile(rf"\b({_NUMBER}) (ans?|annee|mois?|semaine|jour)\b")
_MONTHS = {"an": 12.0, "ans": 12.0, "annee": 12.0, "moi": 1.0, "mois": 1.0, "semaine": 0.25, "jour": 1 / 30}
_PERSON = r"physique|particulier|individu|personne(?! morale)|salarie|dirigeant|patron"
_COMPANY = r"morale|entreprise|societe|boite|firme|pro\b|professionnel"
_FREE = re.compile(r"\b(gratui\w*|gratos|sans frai|aucun frai|rien a payer|zero euro|0 (€|euro))")
_PAYS = re.compile(r"\b(payant\w*|pai?e(nt|r)?|raque\w*|verse\w*|cotisation|a la charge|abonnement payant|factur\w*)\b")
_CONSUMER = re.compile(r"\b(conso\w*|particulier|inscrit\w*|menage|abonne|gens|citoyen)\b")
_BUSINESS = re.compile(r"\b(pros?|professionnel\w*|entreprise|societe|demarcheur|boite|crc|commanditaire)\b")


def settle(facts: Iterable[Fact], tokens: Window) -> Verdict:
    """What the facts of a question settle in one text."""
    text = " ".join(word for word, _ in tokens)
    denies = any(denied for _, denied in tokens)
    found: Verdict = {}
    for fact in facts:
        found.update(_SORTS[fact["sorte"]](fact, text, denies))
    return found


def _duration(fact: Fact, text: str, _denies: bool) -> Verdict:
    months = [
        (int(number) if number.isdigit() else _NUMBERS[number]) * _MONTHS[unit]
        for number, unit in _DURATION.findall(text)
    ]
    return {fact["idee"]: False} if months and fact["mois"] not in months else {}


def _amounts(fact: Fact, text: str, _denies: bool) -> Verdict:
    person, company = fact["personne"], fact["societe"]
    amount, party = rf"\b({person}|{company})\b", rf"\b({_PERSON}|{_COMPANY})"
    named = [(number, who) for who, number in re.findall(rf"{party}[^|0-9]{{0,25}}?{amount}", text)]
    first = re.search(rf"{amount}|{party}", text)
    pairs = re.findall(rf"{amount}(?: €| euro)?(?: d amende)? (?:pour|si|quand)\b[^|0-9]{{0,40}}?{party}", text)
    if not pairs and named and first and first[0][0].isalpha():  # « une personne 75 000, une société 375 000 »
        pairs = named
    pairs = pairs or re.findall(rf"{amount}[^|0-9]{{0,40}}?{party}", text) or named
    if not pairs:
        return {}
    right = all((int(amount) == person) == bool(re.match(_PERSON, who)) for amount, who in pairs)
    return {fact["idee"]: right, fact["sinon"]: not right}


def _payment(fact: Fact, text: str, denies: bool) -> Verdict:
    free, pays = bool(_FREE.search(text)), bool(_PAYS.search(text))
    consumer, business = bool(_CONSUMER.search(text)), bool(_BUSINESS.search(text))
    if free == pays or denies:
        return {}
    if free and business and not consumer:
        return {fact["idee"]: False}
    if free:
        return {fact["sinon"]: False}
    if consumer and not business:
        return {fact["sinon"]: True, fact["idee"]: False}
    return {fact["sinon"]: False} if business and not consumer else {}


_SORTS: Mapping[str, Callable[[Fact, str, bool], Verdict]] = {
    "duree": _duration,
    "montants": _amounts,
    "paiement": _payment,
}
SORTS = tuple(_SORTS)
