-- The tables of the register, version 2.
-- Copies: `content` is HandedIn.to_json(), runs are numbered from 1.
CREATE TABLE copy (key TEXT PRIMARY KEY, file TEXT NOT NULL, content TEXT NOT NULL, first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL);
CREATE INDEX copy_by_file ON copy (file, key);
CREATE TABLE rejection (file TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (file, code, text));
-- Which Moodle ids each run found in each archive.
CREATE TABLE seen (scope TEXT NOT NULL, moodle_id TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (scope, moodle_id, run));
-- Marks given by hand: the one that counts, and what each source last said.
CREATE TABLE manual (student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL, points REAL NOT NULL,
    comment TEXT NOT NULL, answer TEXT NOT NULL, copy TEXT NOT NULL, PRIMARY KEY (student, activity, question));
CREATE TABLE said (source TEXT NOT NULL, student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL,
    points REAL NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (source, student, activity, question));
-- The results that the reports of the last complete run show.
CREATE TABLE told (student TEXT NOT NULL, activity TEXT NOT NULL, copy TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (student, activity));
CREATE TABLE pseudonym (student TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);
-- Files that crc-lab wrote in the folder: the only ones that « purger » may erase.
CREATE TABLE written (path TEXT PRIMARY KEY);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- The digest of every row of the other tables: see file.py. Version 1 had none.
CREATE TABLE seal (digest BLOB PRIMARY KEY) WITHOUT ROWID
