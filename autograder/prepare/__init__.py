"""``crc-lab preparer``: from the workbook and a class list to the folder of an assessment; and ``construire``.

    build       notebooks and generated pages from their sources; ``copying`` proves that no text of a page is an answer
    content     the files of one subject (students) and of its keys (teacher); the student's program, without any key
    leaks       the search of every key value in what students receive
    command     « preparer », in order, and what is said; the folder on the disk, brought up to date without loss

Secrets are keys and data, never code: what is prepared here holds no answer, whatever a student does with it.
"""
