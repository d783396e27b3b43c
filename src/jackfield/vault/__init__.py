"""Everything that is cryptography: sealing of secrets, the keyring, the key file, passwords, digests.

`open_vault` is the way in. Nothing here knows how or where wrapped keys are stored: the caller reads them
before and stores the new ones in the same transaction as the organization, so that a first start that is
killed leaves either nothing or a database that its key file opens:

    wrapped = await store.read(lambda transaction: transaction.keyring.all())
    vault, new_keys = open_vault(key_path, wrapped, now=clock.now())
    if new_keys:
        await store.write(first_start)  # adds every new key, the organization, its users and clients
"""

from __future__ import annotations

from jackfield.vault.envelope_vault import EnvelopeVault, OpenedVault, open_vault
from jackfield.vault.key_file import KeyFile
from jackfield.vault.keyring import Keyring, MasterKey

__all__ = ["EnvelopeVault", "KeyFile", "Keyring", "MasterKey", "OpenedVault", "open_vault"]
