"""The founding story, told in a terminal with a real server and a real web service."""
