"""The one error of this package."""

from __future__ import annotations

from crc_lab.core.errors import CrcError


class OpenAnswerProblems(CrcError):
    """Everything that is wrong in a sheet of open answers (the ``file``); ``problems``: one sentence each."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        super().__init__(file, problems)
        self.file, self.problems = file, problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"Notes manuelles « {self.file} » : {self.problems[0]}"
        head = f"Notes manuelles « {self.file} », {len(self.problems)} points à corriger :"
        return "\n".join([head, *(f"  • {problem}" for problem in self.problems)])
