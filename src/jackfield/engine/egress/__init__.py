"""The only sockets out of the engine: an HTTP/1.1 client that connects nowhere but where the guard agrees."""

from jackfield.engine.egress.client import HttpUpstream as HttpUpstream
