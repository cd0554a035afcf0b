/** A TPM made of a function: what it returns is the response, what it throws is the bridge's failure. */
import type { Tcti, TctiName } from '../../src/tcti/tcti.ts';
import type { TpmChannel } from '../../src/tpm/command.ts';

export interface ScriptedTcti extends Tcti {
  /** Commands in the order they came. */
  readonly commands: Uint8Array[];
}

export function scriptedTcti(
  answer: (command: Uint8Array, index: number) => Uint8Array | Promise<Uint8Array>,
  options: { readonly name?: TctiName; readonly resourceManaged?: boolean } = {},
): ScriptedTcti {
  const commands: Uint8Array[] = [];
  return {
    name: options.name ?? 'device',
    resourceManaged: options.resourceManaged ?? false,
    commands,
    async transmit(command) {
      commands.push(command);
      return answer(command, commands.length - 1);
    },
    async close() {},
  };
}

export function channelOver(tcti: Tcti, commandMs = 5_000): TpmChannel {
  return { tcti, commandMs, createPrimaryMs: commandMs, endsAt: performance.now() + 60_000 };
}

/** A whole response frame of hex parts. */
export function responseOf(code: number, parameters = '', tag = 0x8001): Uint8Array {
  const body = Buffer.from(parameters.replaceAll(' ', ''), 'hex');
  const frame = Buffer.alloc(10 + body.length);
  frame.writeUInt16BE(tag, 0);
  frame.writeUInt32BE(frame.length, 2);
  frame.writeUInt32BE(code, 6);
  body.copy(frame, 10);
  return frame;
}
