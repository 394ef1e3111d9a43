// oidc-provider, certified by the OpenID Foundation: every way of client authentication, resources, scopes.

import { X509Certificate, createPublicKey } from 'node:crypto';

import Provider, { errors } from 'oidc-provider';

// Reserved somewhere: in URLs, in forms, in Basic, or in all of them.
const RESERVED = 'p%40+s:w&o/r=d ?#~"\\100%';

const RESOURCES = {
  'https://api.example.test/': { scope: 'read write', audience: 'https://api.example.test/' },
  'https://jwt.example.test/': { scope: 'read', audience: 'https://jwt.example.test/', accessTokenFormat: 'jwt' },
};

/** A client of the client credentials grant. */
const client = (id, method, others) => ({
  client_id: id,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: 'read write',
  ...others,
});

const secretClient = (id, method, secret) => client(id, method, { client_secret: secret });

const keyClient = (id, algorithm, pem) => client(id, 'private_key_jwt', {
  token_endpoint_auth_signing_alg: algorithm,
  jwks: { keys: [{ ...createPublicKey(pem).export({ format: 'jwk' }), use: 'sig' }] },
});

const certificateClient = (id, pem) => {
  const certificate = new X509Certificate(pem);
  const key = { ...certificate.publicKey.export({ format: 'jwk' }), x5c: [certificate.raw.toString('base64')] };
  return client(id, 'self_signed_tls_client_auth', { jwks: { keys: [key] } });
};

const clients = (read) => [
  secretClient('basic', 'client_secret_basic', 'plain-secret'),
  secretClient('basic-reserved', 'client_secret_basic', RESERVED),
  secretClient('basic-plus', 'client_secret_basic', 'one+two'),
  secretClient('id+with%20:reserved', 'client_secret_basic', RESERVED),
  secretClient('post-reserved', 'client_secret_post', RESERVED),
  secretClient('secret-jwt', 'client_secret_jwt', `${RESERVED} and thirty-two bytes or more`),
  keyClient('rs256', 'RS256', read('rsa.pem')),
  keyClient('ps256', 'PS256', read('rsa.pem')),
  keyClient('es256', 'ES256', read('ec.pem')),
  keyClient('eddsa', 'EdDSA', read('ed25519.pem')),
  certificateClient('self-signed', read('self-signed.pem')),
  client('certified', 'tls_client_auth', { tls_client_auth_subject_dn: 'CN=certified-client' }),
];

const certificateOf = (ctx) => ctx.socket.getPeerX509Certificate?.();

export const oidcProvider = (issuer, read) => new Provider(issuer, {
  clients: clients(read),
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt',
    'tls_client_auth', 'self_signed_tls_client_auth', 'none',
  ],
  enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'] },
  scopes: ['read', 'write', 'admin'],
  ttl: { ClientCredentials: 3600 },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    mTLS: {
      enabled: true,
      tlsClientAuth: true,
      selfSignedTlsClientAuth: true,
      getCertificate: certificateOf,
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => certificateOf(ctx).subject === expected,
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => {
        if (!(resource in RESOURCES)) throw new errors.InvalidTarget();
        return RESOURCES[resource];
      },
    },
  },
});
