"""Unit tests of packing: table, folder, sealing, export."""
