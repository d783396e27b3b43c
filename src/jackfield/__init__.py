"""Jackfield: a self-hosted integrations server that speaks the Genesys Cloud platform API v2."""
