"""Text is read in whatever encoding it was written, or refused; what cannot be read is never read as something else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.decoding import LOST, decode, mended

FIRST, LAST = (
    names.split()
    for names in (
        "Inès Chloé Zoë Léa Jean Paul Maëlle Kévin Élodie Éric Hélène Françoise Agnès Noémie José Anaïs Loïc Gaël "
        "Cédric Mélanie Benoît Jérôme Théo Lucas Hugo Günther Íñigo",
        "Lefèvre GARNIER MÜLLER Benali D’Almeida Dupont Gonçalves Pérez LEFÈVRE Noël Château Lemaître Côté Besançon "
        "Muñoz García Åström Weiß",
    )
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850")
TEXTS = {
    "answers": "id_contact;ville;alerte\r\n1;ALENÇON;l’élève « Zoé » … « NPAI » – 25 €\r\n2;Béziers;à vérifier\r\n",
    "one letter": "Nom;Prénom\r\nDupont;Jean\r\n",
    "capitals": "NOM;PRÉNOM\r\nLEFÈVRE;CHLOÉ\r\nMÜLLER;ZOË\r\n",
    "no accent": "Nom;Classe\r\nDupont;1BTS\r\n",
}


def double(text: str, wrong: str) -> str:
    """UTF-8 read as another encoding."""
    return "".join(bytes([byte]).decode(wrong, "replace").replace(LOST, chr(byte)) for byte in text.encode())


def writable(text: str, encoding: str) -> str:
    """The text with the plain signs that an old encoding has in the place of typographic ones."""
    plain = {"’": "'", "…": "...", "–": "-", "€": "EUR"}
    for sign, instead in plain.items() if encoding == "cp850" else ():
        text = text.replace(sign, instead)
    return text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
def test_every_usual_encoding_is_told_from_the_others(name: str, encoding: str) -> None:
    text = writable(TEXTS[name], encoding)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_shortest_class_lists_are_enough(encoding: str) -> None:
    chance = random.Random(encoding)  # the same lists each time
    for header, sizes in (("Nom;Prénom\r\n", (1, 2, 3, 5, 10, 30)), ("nom;prenom\r\n", (8, 15, 30))):
        for size in sizes * 25:
            names = [f"{chance.choice(LAST)};{chance.choice(FIRST)}\r\n" for _ in range(size)]
            text = writable(header + "".join(names), encoding)
            assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("wrong", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "text", ["Prénom", "LEFÈVRE", "l’été à « Béziers »", "cœur – Noël …", "Müller", "N°", "≥ 4 → ≠"]
)
def test_letters_doubled_by_a_wrong_reading_come_back(text: str, wrong: str) -> None:
    assert mended(double(text, wrong)) == text
    assert mended(text) == text


@pytest.mark.parametrize("text", ["FORÊT…", "ALLÔ\u00a0»", "SÃO JOÃO", "ÅSA Ärzte’", "CAFÉ » ÉCOLE", "Ã", "¡Olé!"])
def test_what_is_right_is_left_alone(text: str) -> None:
    assert mended(text) == text


def test_a_byte_lost_in_utf_8_is_seen_and_the_rest_is_right() -> None:
    text = "Prénom;Ville;Remarque\r\nZoé;Béziers;été\r\n"
    assert decode(text.encode().replace("Zoé".encode(), b"Zo\xe9")).text == text.replace("Zoé", f"Zo{LOST}")
    assert decode(b"Prenom\r\nZo\xe9\r\n").text == "Prenom\r\nZoé\r\n", "alone, it is a letter of cp1252"


@pytest.mark.parametrize(
    "content",
    [random.Random(1).randbytes(400), b"\xff\xfeN", b"\xfe\xff\xd8\x00", "Петров Иван".encode("koi8-r"),
     "Петров Иван".encode("cp1251"), "Γιώργος Παπαδόπουλος".encode("iso8859-7")],
)  # fmt: skip
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(content)


@given(st.text())
def test_utf_8_is_always_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff") and "\x00" not in text:
        assert decode(text.encode("utf-8")).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        read = decode(content)
    except UnicodeDecodeError:
        return
    assert content.startswith(read.bom)
