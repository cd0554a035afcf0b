/** TPM2_GetCapability (Part 3, clause 30.2): properties, handles and algorithms, asking on while the TPM has more. */
import { type ByteReader, u32 } from './bytes.ts';
import { execute, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TpmError } from './errors.ts';

const TPM_CAP_ALGS = 0;
const TPM_CAP_HANDLES = 1;
const TPM_CAP_TPM_PROPERTIES = 6;
/** As many as one response can hold of any kind (Part 2, MAX_CAP_*). */
const MAX_COUNT = 127;
/** No TPM has more pages than this; one that always says "more" must not keep us. */
const MAX_PAGES = 16;

/** First handle of each range that Keyline lists (Part 2, 7.4). */
export const handleRange = {
  nvIndex: 0x01000000,
  transient: 0x80000000,
  persistent: 0x81000000,
} as const;

/** Properties from `first` on, up to the end of its group of 0x100: number → value. */
export async function getProperties(channel: TpmChannel, first: number): Promise<Map<number, number>> {
  const groupEnd = (first & ~0xff) + 0x100;
  const pairs = await list(channel, TPM_CAP_TPM_PROPERTIES, first, groupEnd, reader => {
    const property = reader.u32();
    return { key: property, item: [property, reader.u32()] as const };
  });
  return new Map(pairs);
}

/** Handles from `first` on within its range (the top byte), in the TPM's order. */
export async function getHandles(channel: TpmChannel, first: number): Promise<number[]> {
  const rangeEnd = (first & 0xff000000) + 0x01000000;
  return list(channel, TPM_CAP_HANDLES, first, rangeEnd >>> 0, reader => {
    const handle = reader.u32();
    return { key: handle, item: handle };
  });
}

/** Where loaded sessions are listed, of either kind: HMAC sessions are 0x02…, policy sessions 0x03…, numbered together. */
const LOADED_SESSION_FIRST = 0x02000000;

export async function getLoadedSessions(channel: TpmChannel): Promise<number[]> {
  return list(channel, TPM_CAP_HANDLES, LOADED_SESSION_FIRST, LOADED_SESSION_FIRST + 0x01000000, reader => {
    const handle = reader.u32();
    return { key: LOADED_SESSION_FIRST + (handle % 0x01000000), item: handle };
  });
}

/** TPM_ALG_ID of every algorithm the TPM implements. */
export async function getAlgorithms(channel: TpmChannel): Promise<Set<number>> {
  const algorithms = await list(channel, TPM_CAP_ALGS, 0, 0x10000, reader => {
    const algorithm = reader.u16();
    reader.u32();
    return { key: algorithm, item: algorithm };
  });
  return new Set(algorithms);
}

async function list<T>(
  channel: TpmChannel,
  capability: number,
  first: number,
  end: number,
  readItem: (reader: ByteReader) => { readonly key: number; readonly item: T },
): Promise<T[]> {
  const items: T[] = [];
  let next = first >>> 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { parameters } = await execute(channel, {
      name: 'GetCapability',
      code: TPM_CC.GetCapability,
      parameters: [u32(capability), u32(next), u32(MAX_COUNT)],
    });
    const moreData = parameters.u8() !== 0;
    if (parameters.u32() !== capability) throw malformed('answers about another capability');
    const count = parameters.u32();
    if (count > 1024) throw malformed('names more items than fit');
    for (let i = 0; i < count; i++) {
      const { key, item } = readItem(parameters);
      if (key < next) throw malformed('names items out of order');
      next = key + 1;
      if (key < end) items.push(item);
    }
    parameters.end();
    if (!moreData || count === 0 || next >= end) return items;
  }
  throw malformed('never comes to an end');
}

function malformed(what: string): TpmError {
  return new TpmError('answer-malformed', `GetCapability response ${what}`);
}
