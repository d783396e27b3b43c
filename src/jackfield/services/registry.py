"""All services of one server, as `app.py` builds them and the wire uses them."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.catalog import Catalog
from jackfield.domain.ports import Store
from jackfield.services.actions import ActionService
from jackfield.services.audit import AuditService
from jackfield.services.bots import BotService
from jackfield.services.certificates import CertificateService
from jackfield.services.credential_checks import CredentialCheckService
from jackfield.services.credential_use import CredentialUseService
from jackfield.services.credentials import CredentialService
from jackfield.services.data_tables import DataTableService
from jackfield.services.drafts import DraftService
from jackfield.services.execution import ExecutionService
from jackfield.services.executions import LoggedExecutionService
from jackfield.services.grants import GrantService
from jackfield.services.groups import GroupService
from jackfield.services.identity import IdentityService
from jackfield.services.integrations import IntegrationService
from jackfield.services.limits import LimitService
from jackfield.services.oauth_clients import OAuthClientService
from jackfield.services.presences import PresenceService
from jackfield.services.roles import RoleService
from jackfield.services.rotations import RotationService
from jackfield.services.snapshots import SnapshotService
from jackfield.services.users import UserService
from jackfield.services.webhooks import WebhookService


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    integrations: IntegrationService
    credentials: CredentialService
    actions: ActionService
    drafts: DraftService
    execution: ExecutionService
    executions: LoggedExecutionService
    identity: IdentityService
    limits: LimitService
    audit: AuditService
    snapshots: SnapshotService
    webhooks: WebhookService
    uses: CredentialUseService
    checks: CredentialCheckService
    rotations: RotationService
    presences: PresenceService
    bots: BotService
    certificates: CertificateService
    grants: GrantService
    users: UserService
    roles: RoleService
    groups: GroupService
    oauth_clients: OAuthClientService
    data_tables: DataTableService
    catalog: Catalog
    store: Store
