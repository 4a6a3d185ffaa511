"""The one error of this package."""

from __future__ import annotations

from autograder.errors import PlaceProblem


class GradebookProblem(PlaceProblem):
    """A course folder or a gradebook that cannot be used."""

    kind = "Carnet de notes nbgrader"
