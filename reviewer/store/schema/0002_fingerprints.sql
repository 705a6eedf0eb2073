-- What pictures and clips look like, for stacks of copies. A row with no frames says
-- that there is nothing to compare; a row of an older method is made again.
CREATE TABLE fingerprints (
    id INTEGER PRIMARY KEY REFERENCES items (id),
    method INTEGER NOT NULL,
    pixels INTEGER NOT NULL,
    frames BLOB NOT NULL
) STRICT;
