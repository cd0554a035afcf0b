/**
 * A directory as its disk has it, followed through the recorded changes: contents are certain after a sync of the file, names
 * after a sync of their directory, as POSIX has it and no more; of later changes to names a power cut leaves the first
 * ones, since file systems journal them in order.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../../fuzz/random.ts';
import { type DiskChange, readDiskLog } from './disk-log.ts';
import { FileImage } from './file-image.ts';

type Named = FileImage | 'directory';
interface NameChange {
  readonly path: string;
  /** Undefined: the name goes. */
  readonly named: Named | undefined;
  /** For a rename: the name that goes with it. */
  readonly from?: string;
}
interface PendingName extends NameChange {
  readonly ordinal: number;
}

export class DiskModel {
  readonly #root: string;
  readonly #certain = new Map<string, Named>();
  readonly #current: Map<string, Named>;
  #pending: PendingName[] = [];
  #nameChanges = 0;
  readonly #images = new Map<bigint, FileImage>();
  readonly #syncs = new Map<string, number>();

  /** Takes what is in the directory now for certain. */
  constructor(root: string) {
    this.#root = root;
    for (const [name, named] of contentsOf(root))
      this.#certain.set(name, named === 'directory' ? named : new FileImage(named));
    this.#current = new Map(this.#certain);
  }

  follow(log: Buffer): void {
    for (const change of readDiskLog(log)) this.#follow(change);
  }

  /** @returns where the directory is not what the recorded changes make of it: something was not recorded */
  differences(): string[] {
    const found = contentsOf(this.#root);
    const names = new Set([...found.keys(), ...this.#current.keys()]);
    return [...names].filter(name => {
      const [there, modelled] = [found.get(name), this.#current.get(name)];
      if (!Buffer.isBuffer(there) || !(modelled instanceof FileImage)) return there !== modelled;
      return !there.equals(modelled.whole());
    });
  }

  /** Writes what a power cut may leave in place of the directory's content. */
  cut(random: Random): void {
    const names = new Map(this.#certain);
    for (const change of this.#pending.slice(0, random.below(this.#pending.length + 1)))
      rename(names, change);
    const contents = new Map<FileImage, Buffer>();
    for (const name of readdirSync(this.#root)) rmSync(path.join(this.#root, name), { recursive: true });
    for (const [name, named] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      // What lies in a directory whose own name was lost cannot be reached.
      const parent = path.dirname(name);
      if (parent !== '.' && names.get(parent) !== 'directory') continue;
      const place = path.join(this.#root, name);
      if (named === 'directory') mkdirSync(place, { mode: 0o700 });
      else {
        const content = contents.get(named) ?? named.afterCut(random);
        contents.set(named, content);
        writeFileSync(place, content, { mode: 0o600 });
      }
    }
  }

  #follow(change: DiskChange): void {
    switch (change.kind) {
      case 'opened':
        this.#opened(this.#relative(change.path), change.inode);
        return;
      case 'written':
        this.#images.get(change.inode)?.change({ kind: 'write', offset: change.offset, data: change.data });
        return;
      case 'truncated':
        this.#images.get(change.inode)?.change({ kind: 'truncate', length: change.length });
        return;
      case 'sync-begins':
        this.#syncs.set(
          change.sync,
          change.path === '' ? (this.#images.get(change.inode)?.changes ?? 0) : this.#nameChanges,
        );
        return;
      case 'synced': {
        const upTo = this.#syncs.get(change.sync) ?? 0;
        if (change.path === '') this.#images.get(change.inode)?.synced(upTo);
        else this.#namesSynced(this.#relative(change.path), upTo);
        return;
      }
      case 'directory-made':
        this.#rename({ path: this.#relative(change.path), named: 'directory' });
        return;
      case 'unlinked':
        this.#rename({ path: this.#relative(change.path), named: undefined });
        return;
      case 'linked':
        this.#rename({
          path: this.#relative(change.path),
          named: this.#current.get(this.#relative(change.from)),
        });
        return;
      case 'renamed': {
        const from = this.#relative(change.from);
        this.#rename({ path: this.#relative(change.path), named: this.#current.get(from), from });
      }
    }
  }

  /** A file that the model knew from the start gets its inode here; an inode under a new name is a new file. */
  #opened(name: string, inode: bigint): void {
    const named = this.#current.get(name);
    if (named instanceof FileImage) {
      this.#images.set(inode, named);
      return;
    }
    const image = new FileImage();
    this.#images.set(inode, image);
    this.#rename({ path: name, named: image });
  }

  #rename(change: NameChange): void {
    rename(this.#current, change);
    this.#pending.push({ ...change, ordinal: this.#nameChanges });
    this.#nameChanges += 1;
  }

  #namesSynced(directory: string, upTo: number): void {
    const isSynced = ({ path: name, ordinal }: PendingName) => {
      const parent = path.dirname(name);
      return (parent === '.' ? '' : parent) === directory && ordinal < upTo;
    };
    for (const change of this.#pending.filter(isSynced)) rename(this.#certain, change);
    this.#pending = this.#pending.filter(change => !isSynced(change));
  }

  #relative(place: string): string {
    return path.relative(this.#root, place);
  }
}

function rename(names: Map<string, Named>, { path: name, named, from }: NameChange): void {
  if (from !== undefined) names.delete(from);
  if (named === undefined) names.delete(name);
  else names.set(name, named);
}

/** Everything but SQLite's shared memory, by path from the root. */
function contentsOf(root: string): Map<string, Buffer | 'directory'> {
  const contents = new Map<string, Buffer | 'directory'>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const place = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) contents.set(path.relative(root, place), 'directory');
    else if (!entry.name.endsWith('-shm')) contents.set(path.relative(root, place), readFileSync(place));
  }
  return contents;
}
