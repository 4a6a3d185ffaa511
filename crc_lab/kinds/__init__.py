"""The kinds of question that any course may use, one object each; ``notebook/js/kinds/`` draws them."""

from __future__ import annotations

from crc_lab.core.kind import Kind
from crc_lab.kinds import calls, choices, parts, planning, tables, texts

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        choices.Choice(),
        choices.MultipleChoice(),
        choices.TrueFalse(),
        texts.Number(),
        texts.Date(),
        texts.ShortText(),
        texts.ShortTexts(),
        parts.GapText(),
        choices.Matching(),
        choices.Ordering(),
        choices.Priorities(),
        tables.Records(),
        tables.CheckBoxes(),
        texts.FlashCards(),
        tables.FilledTable(),
        tables.MarkedCells(),
        tables.Pairs(),
        tables.Segment(),
        texts.OpenAnswer(),
        choices.Inspection(),
        parts.Composite(),
        calls.PlayedCall(),
        planning.Planning(),
        choices.Highlighting(),
    )
}
