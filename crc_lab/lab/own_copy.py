"""On a school's server, what a student finds on opening: the workbook, or the subjects of an assessment.

``python -P -m crc_lab.lab.own_copy FOLDER [SUBJECT.zip…]``, run as the student by the server that starts their
JupyterLab: files are theirs, and a link that they made leads where they may write anyway. Nothing of theirs is ever
replaced. What goes wrong is a French sentence on the standard error, and the exit code :data:`TOLD`.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path, PurePosixPath

from crc_lab.core.errors import CrcError
from crc_lab.core.resources import PRIVATE
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import reason
from crc_lab.lab.workbook_copy import copy_workbook

TOLD = 3
"""Python itself ends with 1 or 2: what it says then is for nobody's eyes."""


def unpack_subjects(folder: Path, subjects: list[Path]) -> None:
    """Put the files of each subject in ``folder``, but for those that are there already.

    Raises :class:`CrcError` for an archive that cannot be read, and :class:`OSError`.
    """
    (folder / PRIVATE).mkdir(parents=True, exist_ok=True)  # the mark by which « ramasser » knows a workbook
    for subject in subjects:
        try:
            with zipfile.ZipFile(subject) as packed:
                files = {info.filename: packed.read(info) for info in packed.infolist() if not info.is_dir()}
        except (OSError, zipfile.BadZipFile):
            raise CrcError(f"Le sujet « {subject.name} » ne s’ouvre pas.") from None
        for name, content in files.items():
            target = folder.joinpath(*(part for part in PurePosixPath(name).parts if part not in ("/", "..")))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, content)
                target.chmod(0o644)


def main(arguments: list[str]) -> int:
    """Fill the folder; 0, or :data:`TOLD` when it cannot be."""
    folder, *subjects = map(Path, arguments)
    try:
        if folder.exists() and not folder.is_dir():  # « ouvrir » would advise another name, which nobody gives here
            raise CrcError(f"« {folder.name} » est un fichier, à la place d’un dossier.")
        if subjects:
            unpack_subjects(folder, subjects)
        else:
            copy_workbook(folder)
    except CrcError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"Impossible d’écrire dans « {folder.name} » ({reason(error)}).", file=sys.stderr)
    else:
        return 0
    return TOLD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
