"""Everything that is cryptography: sealing of secrets, the keyring, the key file, passwords, digests.

`open_vault` is the way in. Nothing here knows how or where wrapped keys are stored.
"""

from __future__ import annotations

from jackfield.vault.envelope_vault import EnvelopeVault, OpenedVault, open_vault
from jackfield.vault.key_file import KeyFile
from jackfield.vault.keyring import Keyring, MasterKey

__all__ = ["EnvelopeVault", "KeyFile", "Keyring", "MasterKey", "OpenedVault", "open_vault"]
