/**
 * Cuts JSON into the items of its list in flat memory, without understanding the items: the top array, an array under
 * one of the names by which lists of enrollments come (`enrollments` of DPS's bulk operation, `devices`, …), or the values
 * themselves, one behind the other. An item beyond the limit is told of and passed over. Whether an item is JSON is for
 * who reads it; where brackets do not close, the end says so.
 */
export type JsonItem =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true };

const LIST_NAMES = new Set(['enrollments', 'devices', 'items', 'value']);
/** Characters; an enrollment has some thousands. */
const LONGEST_ITEM = 1_000_000;

export class SplitJson {
  /** Open brackets, outermost first. */
  #open: string[] = [];
  /** Depth at which items stand; 0: beside each other. */
  #itemsAt = 0;
  #inString = false;
  #escaped = false;
  #string = '';
  #lastString = '';
  /** The member name before the value that comes next, where an object is open at depth 1. */
  #name = '';
  #item: string[] = [];
  #length = 0;
  #number = 0;
  /** The object around the list is not itself an item. */
  #hadList = false;

  push(text: string): JsonItem[] {
    const items: JsonItem[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (this.#inString) {
        if (this.#open.length === 1 && this.#string.length < 64) this.#string += character;
        if (this.#escaped) this.#escaped = false;
        else if (character === '\\') this.#escaped = true;
        else if (character === '"') {
          this.#inString = false;
          this.#lastString = this.#string.slice(0, -1);
        }
        continue;
      }
      switch (character) {
        case '"':
          this.#inString = true;
          this.#string = '';
          break;
        case ':':
          if (this.#open.length === 1) this.#name = this.#lastString;
          break;
        case '[':
        case '{': {
          const listBegins = character === '[' && this.#listBegins();
          this.#open.push(character);
          if (listBegins) {
            this.#itemsAt = this.#open.length;
            this.#hadList = true;
            this.#item = [];
            this.#length = 0;
            start = at + 1;
          }
          break;
        }
        case ']':
        case '}': {
          const last = this.#open.at(-1);
          if (last !== (character === ']' ? '[' : '{'))
            throw new SyntaxError('a bracket closes that was not opened');
          if (this.#itemsAt > 0 && this.#open.length === this.#itemsAt) {
            this.#take(text.slice(start, at));
            items.push(...this.#end());
            this.#itemsAt = 0;
            start = at + 1;
          }
          this.#open.pop();
          if (this.#open.length === 0 && this.#itemsAt === 0) {
            this.#take(text.slice(start, at + 1));
            start = at + 1;
            if (this.#hadList) this.#drop();
            else items.push(...this.#end());
            this.#hadList = false;
          }
          break;
        }
        case ',':
          if (this.#itemsAt > 0 && this.#open.length === this.#itemsAt) {
            this.#take(text.slice(start, at));
            items.push(...this.#end());
            start = at + 1;
          }
          break;
      }
    }
    this.#take(text.slice(start));
    return items;
  }

  /** @throws SyntaxError where something is still open, or stands behind the last value */
  end(): void {
    if (this.#open.length > 0 || this.#inString) throw new SyntaxError('it ends in the middle of a value');
    if (this.#length > 0 && this.#item.join('').trim() !== '')
      throw new SyntaxError('there is something beside the objects');
  }

  #listBegins(): boolean {
    if (this.#itemsAt > 0) return false;
    return (
      this.#open.length === 0 ||
      (this.#open.length === 1 && this.#open[0] === '{' && LIST_NAMES.has(this.#name))
    );
  }

  #take(text: string): void {
    this.#length += text.length;
    if (this.#length > LONGEST_ITEM) this.#item = [];
    else if (text !== '') this.#item.push(text);
  }

  #end(): JsonItem[] {
    const text = this.#item.join('').trim();
    const tooLong = this.#length > LONGEST_ITEM;
    this.#drop();
    if (text === '' && !tooLong) return [];
    this.#number += 1;
    return [tooLong ? { number: this.#number, tooLong: true } : { number: this.#number, text }];
  }

  #drop(): void {
    this.#item = [];
    this.#length = 0;
  }
}
