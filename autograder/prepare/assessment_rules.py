"""What an assessment says at the top of its notebook: time, points, what « Vérifier » does, what a hint costs."""

from __future__ import annotations

from crc_lab.core.model import SECOND_HINT_COST, Activity
from crc_lab.core.wording import NBSP, count, french


def assessment_rules(activity: Activity) -> str:
    """The rules of one subject, in French Markdown."""
    number = len(activity.marked)
    asked = "une seule question" if number == 1 else f"{number} questions"
    hints = any(len(question.hints) > 1 for question in activity.marked)
    cost = f"{100 * SECOND_HINT_COST:g}{NBSP}%"
    lines = [
        f"**Durée : {activity.duration}.** {count(int(activity.points), 'point')}, {asked}.",
        "**Vos réponses s’enregistrent toutes seules** dans ce carnet ; vous pouvez les changer jusqu’à la remise."
        + (" L’ordre est libre." if number > 1 else ""),
        "**« Vérifier »** regarde la forme de votre réponse : ce qui manque, ce qui ne peut pas se lire, ce qui se "
        "contredit. Le reste est vérifié à la correction. Vérifier ne coûte rien.",
    ]
    if hints:
        lines.append(
            "**Les indices.** Le premier est gratuit. **Le second retire "
            f"{cost} des points de la question**, dès qu’il est ouvert ; le bouton le rappelle."
        )
    lines += [
        "**Laissez ce carnet dans son dossier** : il lit ses questions et ses données dans les fichiers d’à côté.",
        "**Pour finir**, en bas du carnet : écrivez votre nom, puis rendez le fichier indiqué.",
    ]
    return french("## Les règles de cette évaluation\n\n" + "\n".join(f"- {line}" for line in lines))
