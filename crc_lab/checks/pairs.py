"""Pairs of rows (duplicates)."""

from __future__ import annotations

from crc_lab.checks.base import Context, Outcome


def pairs(value: tuple[tuple[str, str], ...], context: Context) -> Outcome:
    """Settings: ``table`` (key file of two columns), ``faux`` ({"1-11": code}), ``oublies`` ({"25-52": code}),
    ``autre`` (code for any other wrong pair).

    Share: (right − wrong) / expected, at least 0. The order inside a pair and of the pairs does not matter.
    Source: contenu, activités §4.3.
    """
    expected = {_name(row[0], row[1]) for row in context.table(context.param("table")).rows}
    given = dict.fromkeys(_name(first, second) for first, second in value if first and second)
    right = [pair for pair in given if pair in expected]
    wrong = [pair for pair in given if pair not in expected]
    false_codes: dict[str, str] = context.param("faux", {})
    missed_codes: dict[str, str] = context.param("oublies", {})
    messages = [
        context.message(false_codes.get(pair) or context.param("autre"), tuple(pair.split("-")), paire=pair)
        for pair in wrong
    ]
    messages += [
        context.message(code, tuple(pair.split("-"))) for pair, code in missed_codes.items() if pair not in given
    ]
    return Outcome(max(0, len(right) - len(wrong)) / len(expected), tuple(messages))


def _name(first: str, second: str) -> str:
    """``1-11`` whatever the order; numbers in numeric order."""
    low, high = sorted((first.strip(), second.strip()), key=lambda item: (len(item), item))
    return f"{low}-{high}"
