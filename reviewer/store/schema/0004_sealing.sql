-- An item whose key is gone may lose what it says: its data shrink to id, reference
-- and hash. As long as its key is there, an item stays what its batch said.
DROP TRIGGER items_no_update;
CREATE TRIGGER items_no_update BEFORE UPDATE ON items
WHEN EXISTS (SELECT 1 FROM item_keys WHERE id = OLD.id)
    OR NEW.id <> OLD.id OR NEW.batch <> OLD.batch
    OR NEW.position <> OLD.position OR NEW.item_id <> OLD.item_id
BEGIN
    SELECT RAISE(ABORT, 'items are immutable');
END;

-- Keys of sealed items for which the organisation names no quarantine key yet. No
-- reader of items looks here: only a seal to such a key does.
CREATE TABLE kept_keys (
    id INTEGER PRIMARY KEY REFERENCES items (id),
    generation INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
