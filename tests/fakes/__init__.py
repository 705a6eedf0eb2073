"""Fakes of the ports; each passes the conformance suite of its adapter."""
