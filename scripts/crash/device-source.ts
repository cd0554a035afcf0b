/** Devices that no life has seen before, as import files: well-formed TPM2B_PUBLIC areas of template L-1 with moduli of our own. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** TCG EK Credential Profile, template L-1 (RSA 2048, SHA-256, PolicySecret of the endorsement hierarchy) up to the modulus. */
const beforeModulus = Buffer.from(
  '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa' +
    '00060080004300100800000000000100',
  'hex',
);
const modulusBytes = 256;
const digestBytes = 32;

export class DeviceSource {
  readonly #name: string;
  readonly #folder: string;
  readonly #rows: string[] = [];
  #files = 0;
  #swaps = 0;

  /** @param name the same name gives the same devices */
  constructor(name: string, folder: string) {
    this.#name = name;
    this.#folder = folder;
  }

  /** A file with so many new devices, after the last ones of before. @returns its path */
  importFile(fresh: number, known = 0): string {
    const old = known === 0 ? [] : this.#rows.slice(-known);
    for (let made = 0; made < fresh; made += 1) this.#rows.push(this.#row(this.#rows.length));
    return this.#write(fresh === 0 ? old : [...old, ...this.#rows.slice(-fresh)]);
  }

  /** A file with one device that has the serial of another, as after a board swap. */
  swapFile(serial: string): string {
    this.#swaps += 1;
    return this.#write([`${serial},${this.#key(`swap-${this.#swaps}`)}`]);
  }

  /** Where a command may write a file of this name. */
  placeFor(name: string): string {
    return path.join(this.#folder, name);
  }

  #write(rows: readonly string[]): string {
    this.#files += 1;
    const file = path.join(this.#folder, `devices-${this.#files}.csv`);
    writeFileSync(file, `serial,endorsementKey\n${rows.join('\n')}\n`);
    return file;
  }

  #row(number: number): string {
    return `SN-${number},${this.#key(String(number))}`;
  }

  #key(name: string): string {
    const modulus = Buffer.alloc(modulusBytes);
    for (let at = 0; at < modulusBytes; at += digestBytes)
      createHash('sha256').update(`${this.#name}/${name}/${at}`).digest().copy(modulus, at);
    modulus[0]! |= 0x80;
    modulus[modulusBytes - 1]! |= 1;
    return Buffer.concat([beforeModulus, modulus]).toString('base64');
  }
}
