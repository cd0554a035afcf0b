/**
 * A request as it was received, whole: the body is read before anything else is done, so that a client that goes away
 * afterwards does not undo its own request. The body is bounded in size and in nesting, because it is untrusted.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { badRequest, contentTooLarge, Refusal, unsupportedMediaType } from './refusal.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** As it was sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Refusal;
}

const largestBody = 1024 * 1024;
const deepestNesting = 64;

/** Receives it to the end. Rejects where the client goes away before; a refusal where its target is no path. */
export async function receive(request: IncomingMessage): Promise<ReceivedRequest | Refusal> {
  const body = await readBody(request);
  const target = request.url ?? '';
  const base = 'https://localhost';
  if (!target.startsWith('/') || !URL.canParse(base + target)) {
    return badRequest('The request target is not a path.');
  }
  const url = new URL(base + target);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
  };
}

/** The parsed body; a refusal where it is no JSON, too large, too deep or of another media type. */
export function readJson(request: ReceivedRequest): { readonly json: unknown } | Refusal {
  if (request.body instanceof Refusal) return request.body;
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return unsupportedMediaType();
  try {
    const json: unknown = JSON.parse(request.body);
    return nestsDeeper(json, deepestNesting) ? badRequest('The body is nested too deeply.') : { json };
  } catch {
    return badRequest('The body is not valid JSON.');
  }
}

/** The first value of a header. */
export function headerOf(request: ReceivedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Reads on past the limit without keeping it, so that the answer reaches a client that is still sending. */
async function readBody(request: IncomingMessage): Promise<string | Refusal> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return size > largestBody ? contentTooLarge() : Buffer.concat(chunks).toString('utf8');
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some(member => nestsDeeper(member, levels - 1));
}
