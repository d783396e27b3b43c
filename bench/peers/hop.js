// A hand-written hop in Node and undici: what somebody would write who needs one data action and no product.
// It does the same work: token, contract, three templates, Basic authentication, translation, output check.
// Arguments: port, upstream's origin, token.
'use strict';
const crypto = require('node:crypto');
const http = require('node:http');
const { Pool } = require('undici');

const [port, origin, token] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 64 });
const tokens = new Map([[digest(token), { permissions: new Set(['integrations:action:execute']) }]]);
const credential = { userName: 'login', password: 'password' };

function digest(text) {
  return crypto.createHash('sha256').update(text).digest('hex');
}

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function admitted(request) {
  const header = request.headers.authorization || '';
  const caller = header.startsWith('Bearer ') ? tokens.get(digest(header.slice(7))) : undefined;
  if (!caller) throw new Refused(401, 'no valid token');
  if (!caller.permissions.has('integrations:action:execute')) throw new Refused(403, 'not permitted');
}

function checked(text) {
  let input;
  try {
    input = JSON.parse(text);
  } catch {
    throw new Refused(400, 'not JSON');
  }
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw new Refused(400, 'no object');
  for (const value of Object.values(input)) {
    if (value !== null && typeof value === 'object') throw new Refused(400, 'not flat');
  }
  if (input.customerId === undefined) throw new Refused(400, 'customerId is missing');
  for (const name of ['customerId', 'phone', 'note']) {
    if (input[name] !== undefined && typeof input[name] !== 'string') throw new Refused(400, `${name} is no text`);
  }
  return input;
}

function rendered(input) {
  const phone = input.phone || '';
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(phone)) throw new Refused(400, 'control character in a header');
  const more = phone === '' ? '' : `, "phone": "${phone}"`;
  return {
    path: `/customers/${encodeURIComponent(input.customerId)}`,
    headers: {
      'Content-Type': 'application/json',
      'X-Phone': phone,
      Authorization: `Basic ${Buffer.from(`${credential.userName}:${credential.password}`).toString('base64')}`,
    },
    body: `{"note": ${JSON.stringify(input.note)}${more}}`,
  };
}

function translated(reply) {
  const customer = reply.customer || {};
  const variables = {
    name: JSON.stringify(customer.name),
    tier: JSON.stringify(customer.tier),
    ids: JSON.stringify((customer.orders || []).map((order) => order.id)),
    note: customer.note === undefined ? '"none"' : JSON.stringify(customer.note),
  };
  const text = '{"name": ${name}, "tier": ${tier}, "ids": ${ids}, "note": ${note}}'.replace(
    /\$\{(\w+)\}/g,
    (_, name) => variables[name],
  );
  const value = JSON.parse(text);
  if (value.name !== undefined && typeof value.name !== 'string') throw new Refused(400, 'name is no text');
  return text;
}

async function execute(request, text) {
  admitted(request);
  const { path, headers, body } = rendered(checked(text));
  const reply = await pool.request({ method: 'POST', path, headers, body });
  const answer = await reply.body.text();
  if (reply.statusCode < 200 || reply.statusCode > 299) throw new Refused(502, `status ${reply.statusCode}`);
  return translated(JSON.parse(answer));
}

function send(response, status, text) {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'ININ-Correlation-Id': crypto.randomUUID(),
  });
  response.end(text);
}

http
  .createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      execute(request, Buffer.concat(parts).toString()).then(
        (text) => send(response, 200, text),
        (error) => send(response, error.status || 500, JSON.stringify({ message: error.message })),
      );
    });
  })
  .listen(Number(port), '127.0.0.1');
