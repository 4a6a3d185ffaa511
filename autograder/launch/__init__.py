"""``crc-lab ouvrir``: a copy of the workbook, and JupyterLab on it."""
