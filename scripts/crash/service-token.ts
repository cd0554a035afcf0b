/** A shared access signature of DPS, made here and not by the product that is judged. */
import { createHmac } from 'node:crypto';

/** A token for a minute, as DPS wants it: HMAC-SHA-256 over the host and the expiry in Unix seconds. */
export function tokenOf(connectionString: string): string {
  const fields = new Map(
    connectionString.split(';').map(part => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)] as const;
    }),
  );
  const expiry = Math.floor(Date.now() / 1000) + 60;
  const signature = createHmac('sha256', Buffer.from(fields.get('SharedAccessKey') ?? '', 'base64'))
    .update(`localhost\n${expiry}`)
    .digest('base64');
  const name = encodeURIComponent(fields.get('SharedAccessKeyName') ?? '');
  return `SharedAccessSignature sr=localhost&sig=${encodeURIComponent(signature)}&skn=${name}&se=${expiry}`;
}
