"""How long the personal data of a class are kept: a duration as people write it, and the day it ends.

No law gives a number: article 5 (1) (e) of the GDPR asks that data be kept no longer than needed, and it is the
teacher's (their school's) business to say how long that is.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from crc_lab.core.errors import CrcError
from crc_lab.core.text import fold
from crc_lab.core.wording import count

_UNITS = {
    "jour": "jour", "jours": "jour", "j": "jour", "semaine": "semaine", "semaines": "semaine",
    "mois": "mois", "an": "an", "ans": "an", "annee": "an", "annees": "an",
}  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_MOST = 100
"""Years: nobody means more."""


class WrongDuration(CrcError):
    """A duration or a date that cannot be read: the ``text`` given."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__(text, what)
        self.text, self.what = text, what

    def __str__(self) -> str:
        return f"« {self.text} » : {self.what}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number (1 or more) of days, weeks, months or years."""

    number: int
    unit: str

    def __str__(self) -> str:
        return count(self.number, self.unit, "mois" if self.unit == "mois" else None)

    def after(self, day: dt.date) -> dt.date:
        """The day on which the duration that began on ``day`` is over; 31 January + 1 month is the last of February."""
        if self.unit in ("jour", "semaine"):
            return day + dt.timedelta(days=self.number * (7 if self.unit == "semaine" else 1))
        months = day.year * 12 + day.month - 1 + self.number * (12 if self.unit == "an" else 1)
        year, month = divmod(months, 12)
        return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_duration(text: str) -> Duration:
    """« 12 mois », « 90 jours », « 1 an », « 6 semaines »; raises :class:`WrongDuration`."""
    found = re.fullmatch(r"([0-9]{1,5})\s*([^\W\d]+)", text.strip())
    unit = _UNITS.get(fold(found[2])) if found else None
    if found is None or unit is None or int(found[1]) < 1:
        raise WrongDuration(
            text, "cette durée ne se comprend pas. Écrivez par exemple « 12 mois », « 90 jours », « 1 an »."
        )
    duration = Duration(int(found[1]), unit)
    if int(found[1]) > {"jour": 366, "semaine": 53, "mois": 12, "an": 1}[unit] * _MOST:
        raise WrongDuration(text, f"cette durée dépasse {_MOST} ans. Vérifiez-la.")
    return duration


def read_day(text: str | None) -> dt.date:
    """« 2027-07-01 », today when there is none; raises :class:`WrongDuration`."""
    if text is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise WrongDuration(
            text, "cette date ne se comprend pas. Écrivez-la comme 2027-07-01 (année-mois-jour)."
        ) from None


def day_text(day: dt.date) -> str:
    """« 1er juillet 2027 »."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"
