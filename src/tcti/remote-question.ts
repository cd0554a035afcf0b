/**
 * One question to a DUT behind `ssh:`, put over the same connection before its TPM is opened: the output of one command
 * (RFC 4254, a session channel with "exec"). The command is an engineer's; whatever it says is the DUT's word and
 * untrusted: at most 1,024 bytes of UTF-8, by a deadline of its own. Without an answer the bridge opens all the same.
 */
import { TctiError } from './errors.ts';
import { lastWords } from './last-words.ts';
import type { ClientChannel, SshConnection } from './ssh-connection.ts';
import type { RemoteAnswer, RemoteQuestion } from './tcti.ts';
import { within } from './within.ts';

export const MAX_ANSWER_BYTES = 1024;

/** Rejects with TctiError where the connection is gone, or the caller's signal was aborted. */
export async function askRemote(
  connection: SshConnection,
  { command, deadlineMs }: RemoteQuestion,
  signal: AbortSignal | undefined,
): Promise<RemoteAnswer> {
  let channel: ClientChannel | undefined;
  const asking = async () => {
    channel = await connection.start(`exec /bin/sh -c '${command.replaceAll("'", String.raw`'\''`)}'`);
    return Promise.race([answerOf(channel), connection.gone.then(reason => Promise.reject(reason))]);
  };
  try {
    return await within({ connectDeadlineMs: deadlineMs, signal }, 'asking the DUT', asking());
  } catch (error) {
    // By its deadline, or because the DUT starts no program besides its TPM's: nobody's fault but no answer.
    const unanswered = error instanceof TctiError && ['unreachable', 'not-permitted'].includes(error.code);
    if (!unanswered) throw error;
    return { unread: error.message };
  } finally {
    channel?.signal('TERM');
    channel?.close();
  }
}

function answerOf(channel: ClientChannel): Promise<RemoteAnswer> {
  const said = lastWords(channel.stderr);
  return new Promise(resolve => {
    let received: Buffer = Buffer.alloc(0);
    channel.on('data', (fragment: Buffer) => {
      received = Buffer.concat([received, fragment]);
      if (received.length <= MAX_ANSWER_BYTES) return;
      channel.removeAllListeners('data').resume();
      resolve({ unread: `The DUT says more than ${MAX_ANSWER_BYTES} bytes` });
    });
    const end = (code: number | null | undefined, signal: string | undefined) => {
      if (code === 0 || code === undefined) return resolve(textOf(received));
      const how = code === null ? `by ${signal ?? 'a signal'}` : `with exit code ${code}`;
      const words = said();
      resolve({ unread: `The command on the DUT ended ${how}${words === '' ? '' : `: ${words}`}` });
    };
    // How it ended is told once more here: a quick command's 'exit' comes before anybody can listen, in one piece with its start.
    // A connection that breaks closes the channel first, and only then is gone.
    channel.once('close', (code?: number | null, signal?: string) => setImmediate(end, code, signal));
  });
}

function textOf(bytes: Buffer): RemoteAnswer {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { unread: 'What the DUT says is not UTF-8' };
  }
}
