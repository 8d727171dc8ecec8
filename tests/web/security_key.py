"""A security key in software: what a browser and a passkey would answer (WebAuthn level 2, attestation "none")."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

HOST = "localhost"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


class SecurityKey:
    """One passkey for one account of the site at `HOST`."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.user = ""

    def register(self, options: Any) -> dict[str, Any]:
        """Answer creation options."""
        self.user = options["publicKey"]["user"]["id"]
        public = ES256.from_cryptography_key(self.secret.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        data = self._data(_PRESENT | _VERIFIED | _ATTESTED, credential)
        attested = AttestationObject.create("none", data, {})
        said = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=said, attestationObject=attested)

    def sign(self, options: Any, *, verified: bool = True) -> dict[str, Any]:
        """Answer request options; `verified`: a PIN or a finger was given."""
        data = self._data(_PRESENT | (_VERIFIED if verified else 0))
        said = self._client("webauthn.get", options)
        signature = self.secret.sign(bytes(data) + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        answer = self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)
        answer["response"]["userHandle"] = self.user
        return answer

    def _data(self, flags: int, credential: bytes = b"") -> AuthenticatorData:
        site = hashlib.sha256(HOST.encode()).digest()
        return AuthenticatorData.create(site, AuthenticatorData.FLAG(flags), 0, credential)

    def _client(self, kind: str, options: Any) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": f"https://{HOST}"}).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {name: websafe_encode(bytes(value)) for name, value in parts.items()},
        }
