/** Reads the JSON body of a request: bounded in size and in nesting, because it is untrusted. */
import type { IncomingMessage } from 'node:http';
import { badRequest, contentTooLarge, Refusal, unsupportedMediaType } from './refusal.ts';

const largestBody = 1024 * 1024;
const deepestNesting = 64;

/** The parsed body; a refusal where it is no JSON, too large, too deep or of another media type. */
export async function readJsonBody(request: IncomingMessage): Promise<{ readonly json: unknown } | Refusal> {
  const text = await readText(request);
  if (text instanceof Refusal) return text;
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return unsupportedMediaType();
  try {
    const json: unknown = JSON.parse(text);
    return nestsDeeper(json, deepestNesting) ? badRequest('The body is nested too deeply.') : { json };
  } catch {
    return badRequest('The body is not valid JSON.');
  }
}

/** Reads to the end in any case, so that the answer reaches a client that is still sending. */
async function readText(request: IncomingMessage): Promise<string | Refusal> {
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
