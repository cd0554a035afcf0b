/**
 * Which encoding a text file has: by its byte order mark; without one UTF-16 shows by its zero bytes, UTF-8 by being well
 * formed to its end (RFC 3629), and what is not, but is whole in CP949, is that: Korean Excel saves CSV so. What fits none of
 * them is read as UTF-8, and each row with a character that cannot be read is refused by itself.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Cp949Decoder } from './cp949.ts';
import { ImportFormError } from './import-form-error.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp949';

const HEAD_BYTES = 4096;

/** Rejects with the file system's error, and with ImportFormError where it is no text. */
export async function detectEncoding(file: string): Promise<TextEncoding> {
  const head = await firstBytes(file);
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  // What has its mark is UTF-8, also where somebody pasted a line of another encoding into it: that costs its own row.
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return 'utf-8';
  const silent = utf16WithoutMark(head);
  if (silent) return silent;
  if (startsWith(head, 0x50, 0x4b, 3, 4))
    throw new ImportFormError(`${file} is a spreadsheet or an archive; save the table as CSV`);
  if (head.includes(0)) throw new ImportFormError(`${file} is not text (it holds zero bytes)`);
  if (await isUtf8(file)) return 'utf-8';
  return (await isCp949(file)) ? 'cp949' : 'utf-8';
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function startsWith(bytes: Buffer, ...mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** Keys and headers are ASCII: every second byte of them is zero, and no other. */
function utf16WithoutMark(head: Buffer): TextEncoding | undefined {
  const pairs = Math.floor(head.length / 2);
  const zeros = [0, 0];
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at % 2]! += 1;
  if (pairs < 4) return undefined;
  if (zeros[0] === 0 && zeros[1]! > pairs * 0.7) return 'utf-16le';
  if (zeros[1] === 0 && zeros[0]! > pairs * 0.7) return 'utf-16be';
  return undefined;
}

async function isUtf8(file: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>)
      decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}

async function isCp949(file: string): Promise<boolean> {
  const decoder = new Cp949Decoder();
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    decoder.decode(chunk);
    if (decoder.malformed) return false;
  }
  return decoder.end() === '';
}
