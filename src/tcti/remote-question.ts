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
    let how: string | undefined;
    channel.once('exit', (code: number | null, name?: string) => {
      if (code !== 0) how = code === null ? `by ${name ?? 'a signal'}` : `with exit code ${code}`;
    });
    channel.on('data', (fragment: Buffer) => {
      received = Buffer.concat([received, fragment]);
      if (received.length <= MAX_ANSWER_BYTES) return;
      channel.removeAllListeners('data').resume();
      resolve({ unread: `The DUT says more than ${MAX_ANSWER_BYTES} bytes` });
    });
    const end = () => {
      const words = said();
      if (how === undefined) resolve(textOf(received));
      else resolve({ unread: `The command on the DUT ended ${how}${words === '' ? '' : `: ${words}`}` });
    };
    // A connection that breaks closes the channel first, and only then is gone.
    channel.once('close', () => setImmediate(end));
  });
}

function textOf(bytes: Buffer): RemoteAnswer {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { unread: 'What the DUT says is not UTF-8' };
  }
}
