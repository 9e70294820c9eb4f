"""Certificates for tests: an authority, and what it signed for this machine and for another."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make_keys(folder: Path) -> None:
    """Writes ``ca``, ``here`` and ``elsewhere``, each as NAME.pem and NAME.key."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    request = ("req", "-newkey", "rsa:2048", "-nodes", "-keyout")
    openssl(*request, "ca.key", "-x509", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Newsroom authority")
    for name, alternative in (("here", "IP:127.0.0.1"), ("elsewhere", "DNS:elsewhere.example")):
        openssl(*request, f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext")
        openssl("x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
