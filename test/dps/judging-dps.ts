/** Answers as DPS does to tokens of shared access policies, by a clock of its own: right key, in time, with the right. */
import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { sendJson } from './answering.ts';

export const readerKey = Buffer.alloc(32, 1).toString('base64');
export const ownerKey = Buffer.alloc(32, 2).toString('base64');

export class JudgingDps {
  /** Milliseconds that its clock is ahead of this machine's. */
  aheadMs = 0;
  readonly policies = new Map([
    ['reader', { key: readerKey, mayWrite: false }],
    ['owner', { key: ownerKey, mayWrite: true }],
  ]);
  readonly tokens: string[] = [];
  /** Path and status of every answer. */
  readonly answers: string[] = [];

  readonly listener: RequestListener = (request, response) => {
    const now = Date.now() + this.aheadMs;
    response.setHeader('Date', new Date(now).toUTCString());
    const token = request.headers.authorization ?? '';
    this.tokens.push(token);
    const path = request.url?.replace(/\?.*/, '') ?? '';
    const reads = path === '/enrollments/query' || request.method === 'GET';
    const status = this.#allows(token, reads, now) ? 200 : 401;
    this.answers.push(`${path} ${status}`);
    request.resume();
    if (status === 401) sendJson(response, { errorCode: 401002, message: 'Unauthorized' }, 401);
    else sendJson(response, reads ? [] : { isSuccessful: true, errors: [] });
  };

  #allows(token: string, reads: boolean, now: number): boolean {
    const fields = new URLSearchParams(token.replace(/^SharedAccessSignature /, ''));
    const policy = this.policies.get(fields.get('skn') ?? '');
    if (!policy || !(policy.mayWrite || reads)) return false;
    const se = fields.get('se') ?? '';
    const signature = createHmac('sha256', Buffer.from(policy.key, 'base64'))
      .update(`${fields.get('sr')}\n${se}`)
      .digest('base64');
    return signature === fields.get('sig') && Number(se) > now / 1000;
  }
}
