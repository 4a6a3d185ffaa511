"""What ``crc-lab corriger`` writes: resultats.json, notes.xlsx, classe.html and one page per student."""

from autograder.reports.outputs import CLASS_PAGE, PAGES, RESULTS, WORKBOOK, OutputProblem, report_files, write_reports

__all__ = ["CLASS_PAGE", "PAGES", "RESULTS", "WORKBOOK", "OutputProblem", "report_files", "write_reports"]
