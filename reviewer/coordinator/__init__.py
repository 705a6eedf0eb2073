"""The coordinating service: deals batches, collects decisions, gives receipts."""
