"""What a teacher gives: copies (found, read within bounds, never executed), keys, the prepared folder."""
