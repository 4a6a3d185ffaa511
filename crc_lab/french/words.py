"""The French words that :mod:`crc_lab.french.clauses` knows: negative words, what limits their reach, frequent verbs.

All without accents, as they stand in a text of which the accents are dropped (« à » excepted).
"""

from __future__ import annotations

from collections.abc import Iterable


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(texts: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for text in texts:
        words = tuple(text.split())
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


NEGATIVES = _set("pas plus jamais aucun aucune rien guere point nullement ni personne")
"""The second part of « ne … pas »."""

ONLY = _set("seulement uniquement simplement exclusivement juste que")
"""After *pas*: « pas seulement » denies nothing."""

SAYING = _set("dit disent dire signifie signifient croit pense affirme prouve implique")
"""« Cela ne signifie pas que… » denies what follows *que*."""

SELF_LIMITING = _set(
    "limite limitent contente contentent reduit reduisent borne bornent resume resument arrete arretent cantonne "
    "cantonnent"
)
"""« Il ne se limite pas aux appels »: he takes calls, and more."""

INTENSIVE = _set(
    "hesite hesitent hesiter hesitez manque manquent manquer oublie oublient oublier oublions cesse cessent importe"
)
"""« N’hésite pas à conseiller »: the negation affirms."""

HARMLESS = _phrases([
    "sans doute", "sans cesse", "sans arret", "sans exception", "sans attendre", "sans oublier", "sans compter",
    "sans frontiere", "sans frontieres", "sans frais", "sans faute", "sans delai", "pas mal", "pas à pas", "pas a pas",
    "pourquoi pas", "non seulement", "non sans", "pas seulement", "pas uniquement", "pas simplement",
    "pas exclusivement", "pas juste", "non plus",
])  # fmt: skip
"""Phrases that hold a negative word and deny nothing."""

DENYING_PHRASES = _phrases([
    "au lieu de", "au lieu d", "au lieu du", "au lieu des", "a la place de", "à la place de", "à la place d",
    "à la place du", "à la place des", "plutot que", "plutot qu", "contrairement à", "contrairement a",
    "contrairement aux", "contrairement au", "à la difference de", "à la difference d", "à la difference du",
    "à la difference des", "à l inverse de", "à l inverse d", "à l inverse du", "à l oppose de", "à l oppose d",
    "à l oppose du", "et non", "loin de", "loin d", "autre chose que", "autre chose qu", "autre que", "autre qu",
    "different de", "different d", "different du", "differente de", "differente d", "faux que", "faux qu", "faux de",
    "rien à voir", "rien a voir",
])  # fmt: skip
"""Phrases that deny what follows them."""

CONNECTORS = _set(
    "mais car puisque puisqu cependant toutefois pourtant donc or parce tandis sinon revanche contre alors"
)

LINKS = _set("mais et ou car donc puis or")
"""At the head of a clause they say nothing by themselves."""

FORWARD_STOPS = CONNECTORS | _set("quand lorsque lorsqu si")
"""What follows these is another statement."""

BACKWARD_STOPS = CONNECTORS | _set("qui que qu dont quand lorsque lorsqu si puis ainsi")
"""What precedes these does not belong to the clause."""

NEW_START = _set("seulement uniquement juste simplement plutot exclusivement mais au")
"""After a comma: « pas les mails, seulement le téléphone »."""

SUBJECTS = _set("il elle ils elles on c ce cela ca ceci nous vous je j tu")

DETERMINERS = _set(
    "le la les l un une des du de d au aux ce cet cette ces son sa ses leur leurs notre nos votre vos chaque sur par "
    "en plusieurs aucun aucune"
)

_STEMS = (
    "accueill accompagn achet aid amelior analys appell apport arriv assist assur autoris centralis cherch cibl class "
    "collabor communiqu concern conseill consider consist contact control cre deleg demarch dirig dur echang efface "
    "embauch emploi encadr enregistr entr envoi envoy evalu exig exist exploit externalis fabriqu facilit fidelis "
    "fonctionn gard ger identifi impliqu impos inform install integr interess limit list lou men modifi montr nettoi "
    "nomm not oblig occup organis orient pass pay permett possed prepar present prevent propos prospect proteg prouv "
    "qualifi quitt rappell realis recherch recueill redig regroup rembours remerci rencontr renseign represent resili "
    "respect rest sanctionn segment sembl signal signifi sollicit stock structur support telephon termin trait "
    "transfer travaill trouv utilis verifi"
)
_IRREGULAR = (
    "est sont etait etaient sera seront serait a ont avait aura auront fait font fera feront peut peuvent pouvait "
    "pourra doit doivent devait devra devront faut faudra falait va vont vient viennent devient deviennent appartient "
    "appartiennent tient tiennent vend vendent vendait prend prennent comprend comprennent repond repondent met "
    "mettent permet permettent suit suivent sert servent interdit interdisent connait connaissent recoit recoivent "
    "fournit fournissent remplit agit agissent choisit obtient obtiennent maintient recouvre recouvrent offrent sait "
    "savent voit voient veut veulent vaut valent enrichit enrichissent soumet transmet transmettent dit disent"
)
_AMBIGUOUS = _set("limite note liste emploie list")
VERBS = (frozenset(stem + ending for stem in _STEMS.split() for ending in ("e", "ent")) | _set(_IRREGULAR)) - _AMBIGUOUS
"""Third persons of frequent verbs, those that are as often nouns left out."""
