"""``crc-lab preparer``: from the workbook and a class list to the folder of an assessment.

    questions   the question file that students receive: nothing of the key in it
    data        the data files that go with it, and their description
    content     the files of one subject (students) and of its keys (teacher)
    leaks       the search of every key value in what students receive
    folder      the prepared folder on the disk: made in one step, brought up to date without losing anything
    note        LISEZ-MOI.html
    command     all of it, in order, and what is said

Secrets are keys and data, never code: what is prepared here holds no answer, whatever a student does with it.
"""
