"""From the files that a teacher gives to copies: found, read within bounds, never executed."""
