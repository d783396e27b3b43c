"""A page of another origin that uses the official JavaScript SDK, and the server that hands it out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SDK = (
    Path(__file__).parents[1]
    / "js/node_modules/purecloud-platform-client-v2/dist/web-cjs/purecloud-platform-client-v2.min.js"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page of another origin</title>
<link rel="icon" href="data:,"></head>
<body><output id="out"></output>
<script src="/sdk.js"></script>
<script>
const platformClient = require('platformClient');
const client = platformClient.ApiClient.instance;
const say = (value) => { document.getElementById('out').textContent = JSON.stringify(value); };
client.setPersistSettings(true, 'page');
client.setGateway({
  host: '127.0.0.1', protocol: 'http', port: '%(port)s',
  path_params_login: 'login', path_params_api: 'gateway'
});
async function work() {
  const login = await client.loginPKCEGrant('%(client_id)s', location.origin + '/', { state: 'kept' });
  const me = await new platformClient.UsersApi().getUsersMe({ expand: ['authorization', 'organization'] });
  const api = new platformClient.IntegrationsApi();
  const made = await api.postIntegrations({
    body: { name: 'From a page', integrationType: { id: 'custom-rest-actions' } }
  });
  const config = await api.getIntegrationConfigCurrent(made.id);
  const changed = await api.putIntegrationConfigCurrent(made.id, {
    body: { ...config, notes: 'written by a page', credentials: {} }
  });
  const refused = await api.getIntegration('no-such-id').catch((error) => error);
  // What the server exposes can be read only with the bare means of the browser.
  const bare = await fetch('http://127.0.0.1:%(port)s/api/v2/integrations/no-such-id', {
    headers: { Authorization: 'Bearer ' + client.authData.accessToken }
  });
  await api.deleteIntegration(made.id);
  await new platformClient.TokensApi().deleteTokensMe();
  const ended = await new platformClient.UsersApi().getUsersMe().catch((error) => error);
  return {
    state: login.state, email: me.email, permissions: me.authorization.permissions.length,
    country: me.organization.defaultCountryCode, notes: changed.notes, version: changed.version,
    refused: refused.status, ended: ended.status,
    correlation: bare.headers.get('ININ-Correlation-Id') || ''
  };
}
work().then(say, (error) => say({ failed: error.message }));
</script></body></html>
"""


@dataclass
class WebPage:
    """The page's origin, and what the page is told when it is asked for.

    Args:
        url: of the page.
        port: of the Jackfield server that the page talks to.
        client_id: of its OAuth client.
    """

    url: str
    port: int = 0
    client_id: str = ""


@contextmanager
def web_page() -> Iterator[WebPage]:
    """Serve the page on a port of its own, under a host name other than the server's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind = self._content()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _content(self) -> tuple[bytes, str]:
            if self.path == "/sdk.js":
                return SDK.read_bytes(), "text/javascript"
            text = PAGE % {"port": page.port, "client_id": page.client_id}
            return text.encode(), "text/html; charset=utf-8"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    page = WebPage(f"http://localhost:{serving.server_address[1]}/")
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    try:
        yield page
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join(5)
