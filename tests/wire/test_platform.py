"""What holds for every request: TLS, packed answers, HEAD, rate headers, deadlines of bodies."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme

from support.installation import API
from support.server import Server

CHECK = "/api/v2/tokens/me"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority of our own."""
    return trustme.CA()


def files(folder: Path, authority: trustme.CA) -> tuple[Path, Path]:
    """Write a certificate for this machine, and its key."""
    made = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key = folder / "server.pem", folder / "server.key"
    made.private_key_pem.write_to_path(key)
    for blob in made.cert_chain_pems:
        blob.write_to_path(certificate, append=True)
    return certificate, key


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Return a context that trusts the authority, and nobody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_https(tmp_path: Path, authority: trustme.CA) -> None:
    """With both files the server speaks https, says so, and speaks nothing older than TLS 1.2."""
    certificate, key = files(tmp_path, authority)
    options = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with Server(tmp_path / "data", options=options) as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert server.first_line["login_url"] == server.url
        with httpx.Client(base_url=server.url, verify=trusting(authority)) as http:
            form = {"grant_type": "client_credentials"}
            login = http.post("/oauth/token", data=form, auth=(server.client_id, server.client_secret))
            token = {"Authorization": f"Bearer {login.json()['access_token']}"}
            assert http.get(CHECK, headers=token).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url)
        old = trusting(authority)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        assert httpx.get(f"{server.url}/health", verify=old).status_code == 200


def test_files_that_do_not_belong_together(tmp_path: Path, authority: trustme.CA) -> None:
    """The start ends with exit code 3 and names the setting; the key is not repeated."""
    certificate, _ = files(tmp_path, authority)
    (tmp_path / "other").mkdir()
    _, other = files(tmp_path / "other", authority)
    command = [sys.executable, "-m", "jackfield.cli.main", "up", "--port", "0", "--json"]
    command += ["--data-dir", str(tmp_path / "data"), "--tls-cert", str(certificate), "--tls-key", str(other)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    [finding] = json.loads(ended.stdout)["error"]["findings"]
    assert finding["code"] == "SETTING_REFUSED"
    assert "--tls-cert" in finding["message"]
    assert "PRIVATE KEY" not in ended.stdout + ended.stderr


def test_packed_answers(http: httpx.Client) -> None:
    """The same bytes after unpacking; HEAD has the headers of the packed answer and no body."""
    target = f"{API}/types?pageSize=100"
    plain = http.get(target, headers={"Accept-Encoding": "identity"})
    packed = http.get(target, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert packed.content == plain.content
    head = http.head(target, headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == packed.headers["content-length"]


def test_every_answer_has_its_headers(http: httpx.Client, server: Server) -> None:
    """Correlation id, no caching, no guessing of types: on answers, refusals, pages and redirects."""
    answers = [
        http.get(CHECK),
        http.get(f"{API}/none"),
        http.get("/nowhere"),
        http.options(API),
        http.head(CHECK),
        httpx.post(f"{server.url}/oauth/token"),
        httpx.get(f"{server.url}/oauth/authorize"),
        httpx.get(f"{server.url}/logout"),
        httpx.get(f"{server.url}/health"),
    ]
    ids = {answer.headers["inin-correlation-id"] for answer in answers}
    assert len(ids) == len(answers)
    for answer in answers:
        assert answer.headers["cache-control"] == "no-cache, no-store, must-revalidate"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_rate_headers_and_429(tmp_path: Path) -> None:
    """With the cloud's limits: each answer counts, the one over the limit says when to come back."""
    with Server(tmp_path / "data", options=("--limits", "cloud")) as server:
        other = server.token()
        with server.http() as http:
            first = http.get(CHECK).headers
            assert (first["inin-ratelimit-allowed"], first["inin-ratelimit-count"]) == ("300", "1")
            assert 0 < int(first["inin-ratelimit-reset"]) <= 61
            for _ in range(299):
                assert http.get(CHECK).status_code == 200
            over = http.get(CHECK)
            assert (over.status_code, over.json()["code"]) == (429, "too.many.requests")
            assert over.headers["inin-ratelimit-count"] == "301"
            assert 0 < int(over.headers["retry-after"]) <= 60
            assert over.json()["limit"]["value"] == 300
        assert httpx.get(server.url + CHECK, headers={"Authorization": f"Bearer {other}"}).status_code == 429


def test_answers_stand_in_the_log(tmp_path: Path) -> None:
    """At the level debug, each with its correlation id, method, route and status; the token does not."""
    with Server(tmp_path / "data", options=("--log-level", "debug")) as server:
        token = server.token()
        with server.http(token) as http:
            answer = http.get(f"{API}/none")
    # Read once the server is gone: a line is written after its answer.
    lines = [json.loads(line) for line in server.log_file.read_text().splitlines()]
    wanted = answer.headers["inin-correlation-id"]
    [line] = [one for one in lines if one.get("correlation_id") == wanted]
    assert (line["message"], line["method"], line["status"]) == ("answered", "GET", 404)
    assert line["route"] == f"{API}/{{integrationId}}"
    assert token not in server.log_file.read_text()
