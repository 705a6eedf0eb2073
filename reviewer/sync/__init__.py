"""The client of the coordinator: fetch batches, send submissions, take receipts."""
