"""Which source of replies a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.engine.egress.proxy import EgressProxy
from jackfield.engine.egress.tls import Tls
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.credentials import made_up_credentials
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.replies.cassettes import RecordingReplies, ReplayedReplies
from jackfield.workbench.replies.given import GivenReplies, GivenReply
from jackfield.workbench.replies.live import LiveReplies
from jackfield.workbench.replies.source import ReplySource
from jackfield.workbench.replies.stubs import StubReplies
from jackfield.workbench.replies.synthesis import SynthesizedReplies
from jackfield.workbench.samples import sample_object
from jackfield.workbench.treatments import PLATFORM, integration_type_of, treatment_of

STUB: Final = "stub:"
_USAGE: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author asked for.

    Args:
        response: a reply that is given.
        live: call the real service.
        record: folder in which real calls are recorded; implies `live`.
        replay: folder of recordings.
        stubs: folder of stubs.
        platform: address of the platform or of the functions, or `stub:DIR`.
        proxy: real calls are made through it.
        tls: what real calls trust; the system's authorities if None.
    """

    response: GivenReply | None = None
    live: bool = False
    record: Path | None = None
    replay: Path | None = None
    stubs: Path | None = None
    platform: str = ""
    proxy: EgressProxy | None = None
    tls: Tls | None = None

    @property
    def is_live(self) -> bool:
        """True if the real service is called."""
        return self.live or self.record is not None

    @property
    def address(self) -> str:
        """The platform's address, "" if none was named."""
        return "" if self.platform.startswith(STUB) else self.platform

    @property
    def is_real(self) -> bool:
        """True if replies are real ones, now or when they were recorded, so that tokens are, too."""
        return bool(self.address) and (self.is_live or self.replay is not None)


def check_platform(platform: str) -> None:
    """Check what `--platform` names.

    Raises:
        OperationRefused: it is neither `stub:DIR` nor a URL.
    """
    if platform and not platform.startswith((STUB, "http://", "https://")):
        place = Place("--platform")
        raise OperationRefused(found("PLATFORM_UNREADABLE", place, seen_text=platform), exit_code=_USAGE)


def source_for(document: ActionDocument, wanted: Wanted, clock: BenchClock) -> ReplySource:
    """Return the source of replies for one action.

    Args:
        document: the action; `stub:DIR` of `--platform` is for actions on the platform alone.
        wanted: what the author asked for; nothing makes replies up.
        clock: the bench's.
    """
    if wanted.response is not None:
        return GivenReplies(wanted.response)
    if wanted.replay is not None:
        return ReplayedReplies(wanted.replay)
    if wanted.stubs is not None:
        return StubReplies(wanted.stubs)
    if wanted.platform.startswith(STUB) and integration_type_of(document) == PLATFORM:
        return StubReplies(Path(wanted.platform.removeprefix(STUB)))
    if not wanted.is_live:
        return SynthesizedReplies()
    live = LiveReplies(clock, proxy=wanted.proxy, tls=wanted.tls)
    return live if wanted.record is None else RecordingReplies(live, wanted.record)


def check_live(
    document: ActionDocument, wanted: Wanted, *, has_input: bool, credentials: CredentialValues | None
) -> None:
    """Check that nothing that is made up goes out to a real service.

    Raises:
        OperationRefused: input or credentials are missing, or there is no address to call.
    """
    if not wanted.is_live:
        return
    treatment = treatment_of(integration_type_of(document), credentials.type_name if credentials else "")
    reachable = treatment.invokes or treatment.integration_type == PLATFORM
    if treatment.address and not (reachable and wanted.address):
        advice = "Add `--platform URL`." if reachable else "Leave out `--live`."
        raise OperationRefused(
            found("LIVE_ADDRESS_REFUSED", type_id=integration_type_of(document), advice=advice),
            exit_code=_USAGE,
        )
    inputs = sample_object(document.contract.input_schema)
    if inputs and not has_input:
        raise _without("the input", ", ".join(inputs), "--input JSON|FILE")
    needed = made_up_credentials(document)
    if needed is not None and needed.fields and credentials is None:
        raise _without("the credentials", ", ".join(needed.fields), "--credentials FILE")


def _without(what: str, names: str, option: str) -> OperationRefused:
    finding = found("LIVE_WITHOUT_VALUES", Place("--live"), what=what, names=names, option=option)
    return OperationRefused(finding, exit_code=_USAGE)
