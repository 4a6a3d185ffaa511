"""``reponses-ouvertes.xlsx``: the answers that a person marks, one row each, with the rubric and yellow cells for the
points. It goes out with every run and comes back with ``--notes-manuelles``.

How a caller keeps everything that the teacher typed: read the file first (:mod:`autograder.open_answers.reading`, which
takes half a second to import), mark the class with these marks, then write the file again. ``MarkedSheet.typed`` names
the marks that the file did not hold when crc-lab wrote it: they are the teacher's last word, where the others may be
older than those of the formgrader. :func:`write_open_answers` loses nothing either way: what is in the file and not in
the result is kept.
"""

from autograder.errors import OpenAnswerProblems
from autograder.open_answers.writing import erase_open_answers, write_open_answers

__all__ = ["FILE", "OpenAnswerProblems", "erase_open_answers", "write_open_answers"]

FILE = "reponses-ouvertes.xlsx"
"""Its name in the output folder."""
