"""From copies to marks: one sheet and its key, the whole class, marks given by a person."""
