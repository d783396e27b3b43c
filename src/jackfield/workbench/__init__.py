"""The action bench: data actions read from files, tested and linted without a server."""
