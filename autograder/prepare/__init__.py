"""``crc-lab preparer``: from the workbook and a class list to the folder of an assessment; and ``construire``.

    build       notebooks and generated pages from their sources; ``copying`` proves that no text of a page is an answer
    content     the files of one subject (students) and of its keys (teacher)
    leaks       the search of every key value in what students receive; ``telling``: texts that state their own answer
    program     (``student_program``) the package without any key, for the machines of an assessment
    folder      the prepared folder on the disk: made in one step, brought up to date without losing anything
    command     « preparer », in order, and what is said

Secrets are keys and data, never code: what is prepared here holds no answer, whatever a student does with it.
"""
