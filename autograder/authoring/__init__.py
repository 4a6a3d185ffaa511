"""What the authors of the workbook run: notebooks and data files built, French and coverage checked."""
