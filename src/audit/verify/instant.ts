/** A moment as entries have it: RFC 3339, UTC, milliseconds, so that the order of the texts is that of the moments. */
const form = Buffer.from('"0000-00-00T00:00:00.000Z"');
const zero = 0x30;
const daysOfMonth = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** Whether the bytes are the JSON string of a moment that there is. */
export function isInstantAt(bytes: Buffer, from: number, to: number): boolean {
  if (to - from !== form.length) return false;
  for (let at = 0; at < form.length; at += 1) {
    const byte = bytes[from + at]!;
    if (form[at] === zero ? byte < zero || byte > zero + 9 : byte !== form[at]) return false;
  }
  if (twoDigits(bytes, from + 12) > 23) return false;
  if (twoDigits(bytes, from + 15) > 59 || twoDigits(bytes, from + 18) > 59) return false;
  const year = twoDigits(bytes, from + 1) * 100 + twoDigits(bytes, from + 3);
  const month = twoDigits(bytes, from + 6);
  const day = twoDigits(bytes, from + 9);
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= daysOfMonth[month]! || (month === 2 && day === 29 && isLeap(year));
}

const twoDigits = (bytes: Buffer, at: number): number => (bytes[at]! - zero) * 10 + bytes[at + 1]! - zero;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
