/**
 * One change to evidence in one piece (a passport, a manifest, a consistency proof): of its bytes; or of a member, written again
 * in RFC 8785 form, as somebody would who knows the format.
 */
import canonicalize from 'canonicalize';
import type { Random } from '../fuzz/random.ts';
import { type Tampered, tamperExport } from './tamper-export.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON taken apart
type Loose = any;

/** A change that makes a difference. */
export function tamperSealed(bytes: Buffer, random: Random): Tampered {
  if (random.onceIn(2)) return tamperExport(bytes, random);
  for (;;) {
    const json: Loose = JSON.parse(bytes.toString());
    const places = placesIn(json);
    const place = random.pick(places);
    const what = changeAt(place, random.pick(places), random);
    const changed = Buffer.from(`${canonicalize(json)}\n`);
    if (!changed.equals(bytes)) return { what: `${place.path}: ${what}`, bytes: changed };
  }
}

interface Place {
  readonly path: string;
  /** The object or array that it is in, and its name there. */
  readonly holder: Loose;
  readonly name: string | number;
}

function placesIn(holder: Loose, path = ''): Place[] {
  return Object.keys(holder).flatMap(key => {
    const name = Array.isArray(holder) ? Number(key) : key;
    const here = { path: `${path}/${key}`, holder, name };
    const value = holder[name];
    return typeof value === 'object' && value !== null ? [here, ...placesIn(value, here.path)] : [here];
  });
}

function changeAt({ holder, name }: Place, other: Place, random: Random): string {
  if (random.onceIn(5)) {
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete holder[name];
    return 'left out';
  }
  if (Array.isArray(holder) && random.onceIn(4)) {
    holder.splice(random.below(holder.length + 1), 0, structuredClone(holder[Number(name)]));
    return 'twice';
  }
  if (random.onceIn(4)) {
    holder[name] = structuredClone(other.holder[other.name]);
    return `what stands at ${other.path}`;
  }
  const value = holder[name];
  if (typeof value === 'number') holder[name] = value + random.pick([-1, 1, 256]);
  else if (typeof value === 'boolean') holder[name] = !value;
  else if (typeof value === 'string') holder[name] = changedText(value, random);
  else if (Array.isArray(value)) value.reverse();
  else holder[name] = null;
  return 'another value';
}

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const letter = random.pick([...'Aa0/\n ']);
  return random.onceIn(2)
    ? text.slice(0, at) + letter + text.slice(at + 1)
    : text.slice(0, at) + text.slice(at + 1);
}
