/** Reads what `record-writes.c` recorded. A last record that a kill cut short is left out: its call had not returned. */

export type DiskChange =
  | { readonly kind: 'opened'; readonly inode: bigint; readonly path: string }
  | { readonly kind: 'written'; readonly inode: bigint; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncated'; readonly inode: bigint; readonly length: number }
  /** `path` where it is a directory; `sync` ties the two together. */
  | {
      readonly kind: 'sync-begins' | 'synced';
      readonly inode: bigint;
      readonly sync: string;
      readonly path: string;
    }
  | { readonly kind: 'unlinked' | 'directory-made'; readonly path: string }
  | { readonly kind: 'linked' | 'renamed'; readonly from: string; readonly path: string };

const headBytes = 32;

export function* readDiskLog(log: Buffer): Generator<DiskChange> {
  for (let at = 0; at + headBytes <= log.length; ) {
    const pathEnd = at + headBytes + log.readUInt32LE(at + 24);
    const end = pathEnd + log.readUInt32LE(at + 28);
    if (end > log.length) return;
    const head = {
      kind: log.readUInt32LE(at),
      process: log.readUInt32LE(at + 4),
      inode: log.readBigUInt64LE(at + 8),
      number: Number(log.readBigUInt64LE(at + 16)),
    };
    yield changeOf(head, log.toString('utf8', at + headBytes, pathEnd), log.subarray(pathEnd, end));
    at = end;
  }
}

function changeOf(
  head: { readonly kind: number; readonly process: number; readonly inode: bigint; readonly number: number },
  path: string,
  data: Buffer,
): DiskChange {
  const { inode, number } = head;
  switch (head.kind) {
    case 1:
      return { kind: 'opened', inode, path };
    case 2:
      return { kind: 'written', inode, offset: number, data };
    case 3:
      return { kind: 'truncated', inode, length: number };
    case 4:
      return { kind: 'sync-begins', inode, path, sync: `${head.process}/${number}` };
    case 5:
      return { kind: 'synced', inode, path, sync: `${head.process}/${number}` };
    case 6:
      return { kind: 'linked', path, from: data.toString('utf8') };
    case 7:
      return { kind: 'unlinked', path };
    case 8:
      return { kind: 'renamed', path, from: data.toString('utf8') };
    case 9:
      return { kind: 'directory-made', path };
    default:
      throw new Error(`the log of writes has an unknown record ${head.kind}`);
  }
}
