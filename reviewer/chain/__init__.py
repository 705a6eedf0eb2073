"""The signed, hash-chained journal: trees, notes, receipts; pure."""
