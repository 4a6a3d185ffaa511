"""Models that know a few texts word for word and nothing else: what a check does with a reading, without learning."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from crc_lab.reading.words import PAUSE, WAY, stems, tokens, wording


def model(texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A model (as in lecture.json) of these texts by their labels, separated by spaces, « - » for none. Whatever else
    is read holds nothing, with a doubt when its words are unknown."""
    labels = sorted({label for of in texts for label in of.split() if label != "-"})
    read = {
        of: [tuple(one for one in tokens(text) if one[0] != PAUSE) for text in found] for of, found in texts.items()
    }
    return {
        "words": WAY,
        "labels": labels,
        "bias": [-5.0] * len(labels),
        "step": 1.0,
        "features": {},
        "stems": dict.fromkeys(labels, ""),
        "others": " ".join(sorted({stem for found in read.values() for one in found for stem in stems(one)})),
        "exact": {
            of: " ".join(f"{zlib.crc32(wording(one).encode()):08x}" for one in found) for of, found in read.items()
        },
        "sounds": "",
        "near": {},
    }
