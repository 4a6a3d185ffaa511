"""From ``exemples.csv``, which people write, to ``lecture.json``, from which short answers are read."""
