// @node-oauth/oauth2-server in an express application: the other half of the world. It decodes nothing of Basic,
// answers a wrong secret in the body with 400, and wants `Bearer` spelled so.

import OAuth2Server from '@node-oauth/oauth2-server';
import express from 'express';

const { Request, Response } = OAuth2Server;

const SCOPES = ['read', 'write'];
const CLIENTS = {
  raw: 'p%40+s:w&o/r=d ?#~"\\100%',
  plain: 'plain-secret',
};

const tokens = new Map();

const model = {
  getClient(id, secret) {
    const isKnown = CLIENTS[id] !== undefined && (secret === null || CLIENTS[id] === secret);
    return isKnown && { id, grants: ['client_credentials', 'password', 'refresh_token'] };
  },
  getUserFromClient: (client) => ({ name: client.id }),
  getUser: (name, password) => name === 'ada' && password === 'pass+w%rd' && { name },
  validateScope: (user, client, scope = SCOPES) => scope.every((each) => SCOPES.includes(each)) && scope,
  saveToken(token, client, user) {
    const saved = { ...token, client, user };
    tokens.set(token.accessToken, saved);
    if (token.refreshToken) tokens.set(token.refreshToken, saved);
    return saved;
  },
  getAccessToken: (accessToken) => tokens.get(accessToken),
  getRefreshToken: (refreshToken) => tokens.get(refreshToken),
  revokeToken: (token) => tokens.delete(token.refreshToken),
};

const server = new OAuth2Server({ model, accessTokenLifetime: 3600, alwaysIssueNewRefreshToken: false });

/** Passes what the library answers on to the client. */
const answering = (work) => async (request, response) => {
  const answer = new Response(response);
  try {
    await work(new Request(request), answer);
  } catch (error) {
    answer.status = error.code ?? 500;
    answer.body = { error: error.name, error_description: error.message };
  }
  response.set(answer.headers).status(answer.status).json(answer.body);
};

export const oauth2Server = () => {
  const application = express();
  application.use(express.urlencoded({ extended: false }));
  application.post('/oauth/token', answering((request, answer) => server.token(request, answer)));
  application.get('/resource', answering(async (request, answer) => {
    const token = await server.authenticate(request, answer);
    answer.body = { user: token.user.name, scope: token.scope, came_with_refresh_token: 'refreshToken' in token };
  }));
  application.delete('/tokens/:token', (request, response) => {
    response.sendStatus(tokens.delete(request.params.token) ? 204 : 404);
  });
  return application;
};
