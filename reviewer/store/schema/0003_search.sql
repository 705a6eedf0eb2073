-- Full text by fields, cut and folded before it comes here (reviewer.matching.words):
-- any character beyond ASCII belongs to a word, so no script is left out. Only the
-- index is stored, never the text a second time. Items of before wait in
-- `search_waiting` until the first search puts them in.
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
    ref, tags, source, caption, account, context_group, flag,
    text, transcript, translation,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TABLE search_waiting (
    id INTEGER PRIMARY KEY REFERENCES items (id)
) STRICT;
INSERT INTO search_waiting (id) SELECT id FROM items;
