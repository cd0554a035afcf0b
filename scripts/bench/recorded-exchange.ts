/** What goes over a TPM bridge, written down: the floor sends the very commands that Keyline sent. */
import type { Tcti } from '../../src/tcti/tcti.ts';

export interface Exchange {
  readonly command: Uint8Array;
  readonly response: Uint8Array;
}

/** The same carrier; what it transmits is also appended to `exchanges`. */
export function recording(tcti: Tcti, exchanges: Exchange[]): Tcti {
  return {
    name: tcti.name,
    resourceManaged: tcti.resourceManaged,
    close: () => tcti.close(),
    async transmit(command, options) {
      const response = await tcti.transmit(command, options);
      exchanges.push({ command: Uint8Array.from(command), response: Uint8Array.from(response) });
      return response;
    },
  };
}
