/** One line of JSON in its RFC 8785 form and no other, so that one content has one spelling and one hash. Untrusted. */
import canonicalize from 'canonicalize';
import { CourierError } from './errors.ts';
import { limits } from './limits.ts';

/** @throws CourierError `courier-malformed` where it has no such form: half a surrogate pair, a number beyond all bounds */
export function canonicalLine(value: object): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new CourierError('courier-malformed', (cause as Error).message, { cause });
  }
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** @throws CourierError `courier-malformed`, `courier-too-large` */
export function parseCanonical(line: string, what: string): unknown {
  if (line.length > limits.lineBytes)
    throw new CourierError('courier-too-large', `${what} has ${line.length} characters`);
  if (depthOf(line) > limits.depth)
    throw new CourierError('courier-malformed', `${what} is nested too deeply`);
  let value: unknown;
  try {
    value = JSON.parse(line);
    if (typeof value !== 'object' || value === null || canonicalLine(value) !== line)
      throw new TypeError('another spelling');
  } catch (cause) {
    throw new CourierError('courier-malformed', `${what} is not JSON in its canonical form`, { cause });
  }
  return value;
}

/** How deep brackets stand within each other, outside of strings; counted before a parser may recurse. */
function depthOf(line: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}
