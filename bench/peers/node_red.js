// Node-RED without its editor, with one flow that does what the benchmark's data action does.
// Arguments: port, upstream's origin, token, an empty folder. /execute uses the http request node as it comes,
// /keepalive the same node with its keep-alive box ticked.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const RED = require('node-red');

const [port, origin, token, folder] = process.argv.slice(2);

const CHECK = `
const header = msg.req.headers.authorization || '';
const input = msg.payload;
const refuse = (status, message) => { msg.statusCode = status; msg.payload = { message }; return [null, msg]; };
if (header !== 'Bearer ${token}') return refuse(401, 'no valid token');
if (input === null || typeof input !== 'object' || Array.isArray(input)) return refuse(400, 'no object');
for (const value of Object.values(input)) {
  if (value !== null && typeof value === 'object') return refuse(400, 'not flat');
}
if (typeof input.customerId !== 'string') return refuse(400, 'customerId');
for (const name of ['phone', 'note']) {
  if (input[name] !== undefined && typeof input[name] !== 'string') return refuse(400, name);
}
msg.input = input;
msg.encoded = encodeURIComponent(input.customerId);
msg.note = JSON.stringify(input.note);
msg.headers = {
  'Content-Type': 'application/json',
  'X-Phone': input.phone || '',
  Authorization: 'Basic ' + Buffer.from('login:password').toString('base64'),
};
return [msg, null];`;
const TRANSLATE = `
if (msg.statusCode < 200 || msg.statusCode > 299) { msg.statusCode = 502; msg.payload = {}; return msg; }
const customer = JSON.parse(msg.payload).customer || {};
const result = {
  name: customer.name,
  tier: customer.tier,
  ids: (customer.orders || []).map((order) => order.id),
  note: customer.note === undefined ? 'none' : customer.note,
};
if (typeof result.name !== 'string') { msg.statusCode = 400; msg.payload = {}; return msg; }
msg.payload = result;
msg.statusCode = 200;
msg.headers = { 'Content-Type': 'application/json' };
return msg;`;

function flow(name, persist) {
  const id = (part) => `${name}-${part}`;
  const z = 'tab';
  return [
    { id: id('in'), z, type: 'http in', url: `/${name}`, method: 'post', wires: [[id('check')]] },
    { id: id('check'), z, type: 'function', func: CHECK, outputs: 2, wires: [[id('url')], [id('out')]] },
    { id: id('url'), z, type: 'template', field: 'url', fieldType: 'msg', format: 'text', syntax: 'mustache',
      template: `${origin}/customers/{{{encoded}}}`, output: 'str', wires: [[id('body')]] },
    { id: id('body'), z, type: 'template', field: 'payload', fieldType: 'msg', format: 'text', syntax: 'mustache',
      template: '{"note": {{{note}}}{{#input.phone}}, "phone": "{{{input.phone}}}"{{/input.phone}}}', output: 'str',
      wires: [[id('call')]] },
    { id: id('call'), z, type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore', url: '', persist,
      senderr: false, headers: [], wires: [[id('translate')]] },
    { id: id('translate'), z, type: 'function', func: TRANSLATE, outputs: 1, wires: [[id('out')]] },
    { id: id('out'), z, type: 'http response', wires: [] },
  ].map((node) => ({ ...node, x: 0, y: 0 })); // without a place it would not count as part of the flow
}

const flows = [{ id: 'tab', type: 'tab', label: 'bench' }, ...flow('execute', false), ...flow('keepalive', true)];
fs.writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(flows));
const server = http.createServer((request, response) => RED.httpNode(request, response));
RED.init(server, {
  userDir: folder,
  flowFile: 'flows.json',
  httpAdminRoot: false,
  httpNodeRoot: '/',
  logging: { console: { level: 'off' } },
  functionGlobalContext: {},
});
RED.start().then(() => server.listen(Number(port), '127.0.0.1'));
