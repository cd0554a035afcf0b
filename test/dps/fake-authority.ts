/** A sign-in service of Microsoft Entra ID on loopback: OpenID discovery and a token endpoint over TLS, as `@azure/identity` asks. */
import type { RequestListener } from 'node:http';
import { sendJson } from './answering.ts';

export const tenantId = '72f988bf-0000-0000-0000-000000000001';
export const clientId = '11111111-0000-0000-0000-000000000002';
export const clientSecret = 'hunter2~client~secret';

export type Misbehaviour = 'wrong-secret' | 'wrong-tenant' | 'out-of-time' | 'down' | 'login-page';

export class FakeAuthority {
  misbehaviour: Misbehaviour | undefined;
  /** Seconds that a token lives. */
  expiresIn = 3_600;
  /** Form fields of every token request. */
  readonly asked: URLSearchParams[] = [];
  readonly issued: string[] = [];

  readonly listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', text => (body += text));
    request.on('end', () => {
      const base = `https://${request.headers.host}/${tenantId}`;
      if (this.misbehaviour === 'down') sendJson(response, { error: 'server_error' }, 503);
      else if (this.misbehaviour === 'login-page')
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
      else if (request.url?.includes('openid-configuration')) {
        if (this.misbehaviour === 'wrong-tenant')
          sendJson(response, entraError('90002', 'Tenant not found.'), 400);
        else
          sendJson(response, {
            token_endpoint: `${base}/oauth2/v2.0/token`,
            authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
            issuer: `${base}/v2.0`,
            jwks_uri: `${base}/keys`,
          });
      } else this.#giveToken(new URLSearchParams(body), response);
    });
  };

  #giveToken(fields: URLSearchParams, response: Parameters<RequestListener>[1]): void {
    this.asked.push(fields);
    const secret = fields.get('client_secret');
    if (this.misbehaviour === 'out-of-time') {
      sendJson(response, entraError('700024', 'Client assertion is not within its valid time range.'), 401);
    } else if (this.misbehaviour === 'wrong-secret' || (secret !== null && secret !== clientSecret)) {
      // Entra's own words may repeat what was sent.
      sendJson(response, entraError('7000215', `Invalid client secret provided: '${secret}'.`), 401);
    } else {
      const token = `token-${this.issued.length + 1}`;
      this.issued.push(token);
      sendJson(response, { token_type: 'Bearer', expires_in: this.expiresIn, access_token: token });
    }
  }
}

function entraError(number: string, description: string) {
  return {
    error: 'invalid_client',
    error_description: `AADSTS${number}: ${description} Trace ID: 0 Correlation ID: 0`,
    error_codes: [Number(number)],
  };
}
