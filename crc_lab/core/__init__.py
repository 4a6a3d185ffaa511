"""What every other room stands on: the model, question files, answers, grading, the sheet. Nothing of the case."""
