"""What is earned without looking: each question × each lazy answer, and the most that a kind of question gives.

Run: ``.venv/bin/python benchmarks/paresse.py [--tout]`` (``--tout``: every answer, and not only those that earn).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.prepare.copying import MOST, lazy_answers  # noqa: E402
from crc_lab.core.bank import load_activity  # noqa: E402
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder  # noqa: E402


def main() -> None:
    """Print the tables."""
    everything, by_kind, counts = "--tout" in sys.argv, defaultdict[str, float](float), defaultdict[str, int](int)
    print(f"| question | genre | réponse donnée sans regarder | part des points |\n|{'---|' * 4}")
    for name in activity_ids():
        loaded = load_activity(activity_folder(name), datasets_folder())
        answers = {one: key.answer for one, key in loaded.keys.items()}
        for question in loaded.activity.questions:
            for one in lazy_answers(question, loaded.keys[question.id], answers):
                counts[question.kind] += 1
                by_kind[question.kind] = max(by_kind[question.kind], one.share)
                if everything or one.share:
                    print(f"| {question.id} | {question.kind} | {_short(one.name)} | {_percent(one.share)} |")
    print(f"\n| genre | réponses essayées | la plus payante |\n|{'---|' * 3}")
    for kind, share in sorted(by_kind.items(), key=lambda item: -item[1]):
        print(f"| {kind} | {counts[kind]} | {_percent(share)} |")
    total, above = sum(counts.values()), sum(share > MOST for share in by_kind.values())
    print(f"\n{total} réponses ; genres où l’une d’elles passe {_percent(MOST)} : {above}.")


def _short(text: str) -> str:
    return text if len(text) < 70 else f"{text[:69]}…"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


if __name__ == "__main__":
    main()
