/** Standard base64 (RFC 4648 section 4), strictly: one text for each byte string, so that no second spelling verifies. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
