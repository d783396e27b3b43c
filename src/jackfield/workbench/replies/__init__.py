"""Where the replies of a test come from: files, recordings, stubs, the real service, or made up."""

from jackfield.workbench.replies.cassettes import RecordingReplies, ReplayedReplies
from jackfield.workbench.replies.given import (
    GivenReplies,
    GivenReply,
    json_reply,
    parse_reply,
    read_reply,
)
from jackfield.workbench.replies.live import LiveReplies
from jackfield.workbench.replies.source import Occasion, Origin, Provenance, ReplySource
from jackfield.workbench.replies.stubs import StubReplies
from jackfield.workbench.replies.synthesis import SynthesizedReplies

__all__ = [
    "GivenReplies",
    "GivenReply",
    "LiveReplies",
    "Occasion",
    "Origin",
    "Provenance",
    "RecordingReplies",
    "ReplayedReplies",
    "ReplySource",
    "StubReplies",
    "SynthesizedReplies",
    "json_reply",
    "parse_reply",
    "read_reply",
]
