// Calls the official JavaScript SDK as it is told: one JSON line in, one JSON line out.
// The first line logs in: { gateway, id, secret, token }; each further one is { api, method, positional, options }.
"use strict";

const readline = require("readline");
const platformClient = require("purecloud-platform-client-v2");

const client = platformClient.ApiClient.instance;

async function answer(asked) {
  if (asked.gateway) {
    client.setGateway(asked.gateway);
    if (asked.token) client.setAccessToken(asked.token);
    else await client.loginClientCredentialsGrant(asked.id, asked.secret);
    return null;
  }
  const api = new platformClient[asked.api]();
  return api[asked.method](...asked.positional, asked.options);
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let reply;
    try {
      const data = await answer(JSON.parse(line));
      reply = { ok: true, data: data === "" || data === undefined ? null : data };
    } catch (error) {
      reply = { ok: false, status: error.status, message: String(error.message || error), body: error.body };
    }
    process.stdout.write(JSON.stringify(reply) + "\n");
  }
}

main();
