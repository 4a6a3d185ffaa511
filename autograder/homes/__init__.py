"""« ramasser »: the notebooks in the homes of a school's server, copied to a folder that « corriger » reads."""
