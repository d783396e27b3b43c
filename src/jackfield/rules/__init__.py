"""Checks of what callers send: each reads a body, finds everything that is wrong with it, and does no I/O."""
