/**
 * What a third party would write from src/audit/README.md, RFC 6962 and the C2SP pages alone. Uses nothing of ours, and
 * other means where there are some: recursion for the tree, csv-parse for CSV.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

function noteText(note: string, verifierKey: string): string {
  const [, name, id, key] = verifierKey.match(/^([^+]+)\+([^+]+)\+(.+)$/)!;
  const raw = Buffer.from(key!, 'base64');
  if (sha256(Buffer.from(`${name}\n`), raw).toString('hex', 0, 4) !== id) throw new Error('key id');
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const signature = Buffer.from(
    note
      .slice(text.length + 1)
      .trim()
      .split(' ')[2]!,
    'base64',
  );
  const x = raw.subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (signature.toString('hex', 0, 4) !== id) throw new Error('signature of another key');
  if (!verify(null, Buffer.from(text), publicKey, signature.subarray(4))) throw new Error('signature');
  return text;
}

interface Parts {
  readonly head: { origin: string; size: number };
  readonly entries: readonly { text: string; leafHash: string; index: number }[];
  readonly leaves: readonly string[];
  readonly tail: { checkpoint: string; seal: string; verifierKey: string };
}

function jsonlParts(text: string): Parts {
  const lines = text.trimEnd().split('\n');
  const entries: { text: string; leafHash: string; index: number }[] = [];
  const leaves = lines.slice(1, -1).flatMap(line => {
    const { entry, leafHash, withheld } = JSON.parse(line);
    if (withheld) return withheld as string[];
    entries.push({ text: line.slice(9, -79), leafHash, index: entry.index });
    return [leafHash as string];
  });
  return { head: JSON.parse(lines[0]!), entries, leaves, tail: JSON.parse(lines.at(-1)!) };
}

function jsonParts(text: string): Parts {
  if (!Array.isArray(JSON.parse(text))) throw new Error('one array');
  return jsonlParts(
    text
      .slice(2, -2)
      .split('\n')
      .map(line => line.replace(/,$/, ''))
      .join('\n'),
  );
}

function csvParts(text: string): Parts {
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  const inner = rows.slice(1, -1);
  const entries = inner
    .filter(row => row.type !== 'withheld')
    .map(row => ({ text: row.entry!, leafHash: row.leafHash!, index: Number(row.index) }));
  const leaves = inner.map(row => row.leafHash!);
  return { head: JSON.parse(rows[0]!.entry!), entries, leaves, tail: JSON.parse(rows.at(-1)!.entry!) };
}

function partsOf(text: string): Parts {
  if (text.startsWith('{')) return jsonlParts(text);
  return text.startsWith('[') ? jsonParts(text) : csvParts(text);
}

/** @returns the root in hex; throws where anything does not fit */
export function miniVerify(file: string): string {
  const bytes = readFileSync(file);
  const text = bytes.toString();
  const { head, entries, leaves, tail } = partsOf(text);
  for (const { text: entry, leafHash, index } of entries) {
    if (sha256(Buffer.of(0), Buffer.from(entry)).toString('hex') !== leafHash)
      throw new Error(`leaf ${index}`);
    if (JSON.parse(entry).index !== index || leaves[index] !== leafHash) throw new Error(`place of ${index}`);
  }
  const root = treeHash(leaves.map(hash => Buffer.from(hash, 'hex')));
  const checkpoint = `${head.origin}\n${leaves.length}\n${root.toString('base64')}\n`;
  if (noteText(tail.checkpoint, tail.verifierKey) !== checkpoint) throw new Error('checkpoint');
  const end = text.startsWith('[') ? bytes.length - 2 : bytes.length;
  const lastLine = bytes.lastIndexOf('\n', end - 2) + 1;
  const digest = sha256(bytes.subarray(0, lastLine)).toString('base64');
  const seal = `keyline export seal 1\n${head.origin}\n${head.size}\n${digest}\n`;
  if (noteText(tail.seal, tail.verifierKey) !== seal) throw new Error('seal');
  return root.toString('hex');
}
