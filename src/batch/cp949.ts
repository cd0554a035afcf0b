/**
 * CP949 (Unified Hangul Code, windows-949 of the WHATWG's Encoding standard) as text, piece by piece. Node's own decoder of that
 * label knows KS X 1001 alone, with 2,350 of the 11,172 syllables. The code page has the others in the order of Unicode, in the
 * places that KS X 1001 leaves free; so the table is made from those two facts.
 */
const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const REPLACEMENT = 0xfffd;

let table: Uint16Array | undefined;

/** Code units by lead byte × 256 + trail byte; 0: no such character. */
function tableOf(): Uint16Array {
  if (table) return table;
  const made = new Uint16Array(0x10000);
  const decoder = new TextDecoder('euc-kr', { fatal: true });
  const placed = new Set<number>();
  for (let lead = 0xa1; lead <= 0xfe; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      const unit = standardUnit(decoder, lead, trail);
      made[lead * 256 + trail] = unit;
      placed.add(unit);
    }
  let next = HANGUL_FIRST;
  for (const place of extensionPlaces()) {
    while (placed.has(next)) next += 1;
    if (next > HANGUL_LAST) break;
    made[place] = next;
    next += 1;
  }
  table = made;
  return made;
}

function standardUnit(decoder: TextDecoder, lead: number, trail: number): number {
  try {
    const text = decoder.decode(Uint8Array.of(lead, trail));
    return text.length === 1 && text !== '\ufffd' ? text.charCodeAt(0) : 0;
  } catch {
    return 0;
  }
}

function* extensionPlaces(): Generator<number> {
  for (let lead = 0x81; lead <= 0xc6; lead++)
    for (let trail = 0x41; trail <= (lead <= 0xa0 ? 0xfe : 0xa0); trail++)
      if (trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a) || trail >= 0x81) yield lead * 256 + trail;
}

export class Cp949Decoder {
  readonly #table = tableOf();
  #lead = 0;
  /** Something in it was no CP949; it stands as U+FFFD. */
  malformed = false;

  decode(bytes: Uint8Array): string {
    const units = new Uint16Array(bytes.length * 2);
    let length = 0;
    for (const byte of bytes) {
      if (this.#lead > 0) {
        const unit = this.#table[this.#lead * 256 + byte]!;
        this.#lead = 0;
        if (unit > 0) {
          units[length++] = unit;
          continue;
        }
        units[length++] = this.#replacement();
        // A byte that could stand alone was not the broken character's.
        if (byte < 0x80) units[length++] = byte;
      } else if (byte < 0x80) units[length++] = byte;
      else if (byte === 0x80 || byte === 0xff) units[length++] = this.#replacement();
      else this.#lead = byte;
    }
    return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
  }

  end(): string {
    if (this.#lead === 0) return '';
    this.#lead = 0;
    return String.fromCharCode(this.#replacement());
  }

  #replacement(): number {
    this.malformed = true;
    return REPLACEMENT;
  }
}
