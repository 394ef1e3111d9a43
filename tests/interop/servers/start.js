// Starts both authorization servers on free ports, and writes their addresses into the directory named.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';

import { oauth2Server } from './oauth2_server.js';
import { oidcProvider } from './oidc_provider.js';

const directory = process.argv[2];
const read = (name) => readFileSync(join(directory, name), 'utf8');

const listening = (server) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(0, () => resolve(server.address().port));
});

// Every client may show a certificate; which of them must, the authorization server decides.
const tls = {
  ca: read('ca.pem'),
  cert: read('server.pem'),
  key: read('server-key.pem'),
  requestCert: true,
  rejectUnauthorized: false,
};

// The ports come first: an issuer has to know its own address.
const secure = https.createServer(tls);
const plain = http.createServer();
const express = http.createServer(oauth2Server());
const ports = await Promise.all([secure, plain, express].map(listening));

const provider = oidcProvider(`https://localhost:${ports[0]}`, read).callback();
secure.on('request', provider);
// For the tests' own questions, about tokens that clients were given over TLS.
plain.on('request', provider);

const addresses = { oidc_provider: ports[0], oidc_provider_plain: ports[1], oauth2_server: ports[2] };
writeFileSync(join(directory, 'ports.new'), JSON.stringify(addresses));
renameSync(join(directory, 'ports.new'), join(directory, 'ports.json'));
