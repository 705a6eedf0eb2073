-- The priority of an item beside how it stands, so that home can say which batch holds
-- an urgent one that is open without reading any item. `P1` sorts before `P6`. The
-- index covers what home counts, as before.
ALTER TABLE standings ADD COLUMN priority TEXT NOT NULL DEFAULT 'P4';
UPDATE standings SET priority = coalesce(
    (
        SELECT CASE WHEN json_valid(CAST(data AS TEXT))
            THEN json_extract(CAST(data AS TEXT), '$.priority') END
        FROM items WHERE items.id = standings.id
    ),
    'P4'
);
DROP INDEX standings_by_batch;
CREATE INDEX standings_by_batch ON standings (batch, kind, severity, priority);
