"""Vectors of the formats: files, their headers, and the builder of both."""
