"""Who each copy comes from, outside Moodle: layouts of folders × class lists × ways to write a name.

Nobody is merged and nobody gets somebody else's copy; what nothing settles is asked. One line a layout::

    python benchmarks/identites.py
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from autograder.identity import Listed, Roster
from autograder.identity.author import Identity, Seen, identify, known_of
from autograder.identity.people import gather
from autograder.intake import Guess
from autograder.intake.person_names import slug
from crc_lab.core.sheet import Student
from crc_lab.core.text import without_accents

FIRST = (
    "Jean", "Léa", "Maëlys", "Jean-Christophe", "Chloé", "Zoé", "Noah", "Inès", "Lucas", "Anaïs", "Mohamed", "Hugo",
    "Emma", "Marie-Anne", "Tom", "Sarah", "Théo", "Yanis", "Louise", "Adam",
)  # fmt: skip
LAST = (
    "Dupont", "Martin", "Le Guen", "d’Arras", "Lefèvre", "Müller", "Benali", "Garnier", "Petit", "Nguyen",
    "Perrin-Colas", "De La Tour", "O’Neil", "Roux", "Blanc", "Ben Salah", "Fontaine", "Da Silva", "Moreau", "Girard",
)  # fmt: skip
WRITTEN: Mapping[str, Callable[[Listed], str]] = {
    "NOM Prénom": lambda one: f"{one.last_name.upper()} {one.first_name}",
    "Prénom Nom": lambda one: f"{one.first_name} {one.last_name}",
    "sans accents": lambda one: without_accents(f"{one.last_name} {one.first_name}"),
    "nom_prenom": lambda one: without_accents(f"{one.last_name}_{one.first_name}".replace(" ", "_")).lower(),
    "P. NOM": lambda one: f"{one.first_name[0]}. {one.last_name.upper()}",
    "NOM P": lambda one: f"{one.last_name.upper()} {one.first_name[0]}",
    "jdupont": lambda one: slug(one.first_name)[0] + slug(one.last_name).replace("-", ""),
    "lea.martin": lambda one: f"{slug(one.first_name)}.{slug(one.last_name)}",
    "NOM": lambda one: one.last_name.upper(),
    "Prénom": lambda one: one.first_name,
}
LAYOUTS: Mapping[str, str] = {
    "TP1.ipynb": "copies/{}/TP1.ipynb",
    "cahier-crc": "homes/{}/cahier-crc/06_scorer/06_scorer.ipynb",
    "Copie de": "rendus/{}/Copie de 06_scorer (1).ipynb",
    "Teams": "NDRC1/{}/Devoir RFM/Version 1/06_scorer_final.ipynb",
    "un ZIP chacun": "rendus/{}.zip/cahier-crc/06_scorer/06_scorer.ipynb",
    "nom du fichier": "copies/06_scorer_{}.ipynb",
    "nom puis travail": "copies/{} - rendu final.ipynb",
    "groupe": "copies/Groupe A/{}/exercice.ipynb",
    "rien": "copies/poste {number}/06_scorer.ipynb",
}


@dataclass
class Count:
    """What became of the copies of one layout."""

    copies: int = 0
    right: int = 0
    asked: int = 0
    wrong: int = 0
    merged: int = 0


def a_class(chance: random.Random, size: int) -> Roster:
    """A class with a family, and homonyms by their last name or their first name alone."""
    names = {(chance.choice(FIRST), chance.choice(LAST)) for _ in range(size)}
    return Roster(tuple(Listed(f"e{n:03}", last, first) for n, (first, last) in enumerate(sorted(names))))


def measure(layout: str, written: str, roster: Roster, chance: random.Random, *, with_list: bool = True) -> Count:
    """All students of a class, and one who is not in the list, hand in silent sheets."""
    stranger = Listed("", "Zyskind", "Ola")
    handed = [*roster.students, stranger]
    chance.shuffle(handed)
    names = [WRITTEN[written](one) for one in handed]
    taken: Counter[str] = Counter()
    for number, name in enumerate(names):  # two folders cannot have one name
        taken[name] += 1
        names[number] = f"{name} ({taken[name]})" if taken[name] > 1 else name
    seen = [
        Seen(None, Guess(path=LAYOUTS[layout].format(name, number=number)), str(number))
        for number, name in enumerate(names)
    ]
    known = known_of(seen, roster if with_list else None, {}, {})
    found = [identify(one.student, one.guess, known=known, file=one.file)[0] for one in seen]
    return counted(handed, found, roster if with_list else None)


def counted(handed: list[Listed], found: list[Identity], roster: Roster | None) -> Count:
    count = Count(len(handed))
    for author in gather(found, roster, ["06_scorer"] * len(found)):
        if len({handed[member].identifier for member in author.members}) > 1:
            count.merged += len(author.members)
        for member in author.members:
            if author.listed is None:
                count.asked += 1
            elif author.listed.identifier == handed[member].identifier:
                count.right += 1
            else:
                count.wrong += 1
    return count


def signed_by_a_neighbour(roster: Roster, chance: random.Random) -> Count:
    """Everybody's sheet bears the name of another student: nobody's, until the teacher says."""
    handed = list(roster.students)
    others = handed[1:] + handed[:1]
    seen = [
        Seen(Student(other.name, other.identifier), Guess(path=f"copies/{one.last_name} {one.first_name}/a"), one.name)
        for one, other in zip(handed, others, strict=True)
    ]
    chance.shuffle(seen)
    known = known_of(seen, roster, {}, {})
    found = [identify(one.student, one.guess, known=known, file=one.file)[0] for one in seen]
    return counted([next(x for x in handed if x.name == one.file) for one in seen], found, roster)


def rows(classes: int = 10, size: int = 30) -> Iterator[tuple[str, Count]]:
    chance = random.Random(8)
    rosters = [a_class(chance, size) for _ in range(classes)]
    for layout in LAYOUTS:
        for with_list in (True, False):
            total: Counter[str] = Counter()
            for written in WRITTEN:
                for roster in rosters:
                    total.update(vars(measure(layout, written, roster, chance, with_list=with_list)))
            yield f"{layout}{'' if with_list else ', sans liste'}", Count(**total)
    total = Counter()
    for roster in rosters:
        total.update(vars(signed_by_a_neighbour(roster, chance)))
    yield "signé du voisin", Count(**total)


def main() -> int:
    print(f"{'disposition':<30}{'copies':>8}{'justes':>8}{'à part':>8}{'fausses':>9}{'fondues':>9}")
    bad = 0
    for name, one in rows():
        print(f"{name:<30}{one.copies:>8}{one.right:>8}{one.asked:>8}{one.wrong:>9}{one.merged:>9}")
        bad += one.wrong + one.merged
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
