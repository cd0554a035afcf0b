/** Cases as files, so that what was found can be run again and mailed. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FuzzCase } from './fuzz-case.ts';

const schema = z.strictObject({ kind: z.string(), input: z.base64(), what: z.string() });

/** @returns the file's path */
export function writeCase(folder: string, { kind, input }: FuzzCase, what: string): string {
  mkdirSync(folder, { recursive: true });
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const file = path.join(folder, `${kind.toLowerCase().replaceAll(' ', '-')}-${digest}.json`);
  const content = { kind, input: Buffer.from(input).toString('base64'), what };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/** Throws where the file is none of a case. */
export function readCase(file: string): FuzzCase {
  const { kind, input } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { kind, input: Buffer.from(input, 'base64') };
}
