"""« À décider »: the short texts that could not be read for sure, grouped, decided once by the teacher, and remembered.

``a-decider.xlsx`` goes out with every run and comes back from the output folder, or with ``--decisions``; what it says
is kept in ``decisions.csv``, of which every later run knows each wording. Texts only: none of these files names anyone.
"""

FILE, SHEET_FILE, PAGE = "decisions.csv", "a-decider.xlsx", "a-decider.html"
"""Names in the output folder: what was decided, what to decide, the same to be read."""
