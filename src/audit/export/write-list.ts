/**
 * A list of devices with its manifest: both are whole on the disk before either has its name. The list gets its name first: a
 * medium that goes away between the two renames leaves a list without its manifest, which is a list and no evidence.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ReadBack } from '../read-back.ts';
import type { StationKey } from '../station-key.ts';
import { writeDraft } from '../write-atomically.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import type { ListForm, ListFormat } from './device-list.ts';
import { type ManifestContent, makeManifest, manifestNameOf } from './manifest.ts';
import type { WriteOptions } from './write-export.ts';

export interface ListOrder<Device> {
  readonly format: ListFormat;
  readonly form: ListForm<Device>;
  /** Devices that there are at most, for the progress. */
  readonly most: number;
  /** Asked for once the list is written: the checkpoint then covers every device in it, and the key is the one of then. */
  readonly stated: () => Promise<{
    readonly log: Omit<ManifestContent, 'file' | 'list' | 'devices' | 'bytes' | 'sha256'>;
    readonly key: StationKey;
  }>;
}

export interface WrittenList {
  readonly manifest: string;
  readonly content: ManifestContent;
  readonly readBack: ReadBack | undefined;
}

/** @throws AuditError as `writeExport` does; neither file is left behind, but for a list whose medium went away before its manifest */
export async function writeList<Device>(
  devices: Iterable<Device>,
  order: ListOrder<Device>,
  path: string,
  options: WriteOptions = {},
): Promise<WrittenList> {
  const { signal, readBack } = options;
  const digest = createHash('sha256');
  let bytes = 0;
  let done = 0;
  const chunk = new ChunkBuilder();
  const taken = () => {
    const content = chunk.take();
    digest.update(content);
    bytes += content.length;
    options.onProgress?.(done, order.most);
    return content;
  };
  const chunks = function* () {
    const { form } = order;
    form.begin(chunk);
    for (const device of devices) {
      form.device(chunk, device, done);
      done += 1;
      if (chunk.isFull) yield taken();
    }
    form.end(chunk, done);
    yield taken();
  };
  const list = await writeDraft(path, chunks(), { signal, readBack });
  try {
    const { log, key } = await order.stated();
    const content = {
      ...log,
      file: basename(path),
      list: order.format,
      devices: done,
      bytes,
      sha256: digest.digest('hex'),
    };
    const beside = await writeDraft(manifestNameOf(path), [makeManifest(content, key)], {
      signal,
      readBack,
    });
    try {
      await list.commit();
      await beside.commit();
    } finally {
      await beside.discard();
    }
    return { manifest: manifestNameOf(path), content, readBack: list.readBack };
  } finally {
    await list.discard();
  }
}
