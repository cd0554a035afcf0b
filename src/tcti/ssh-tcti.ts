/**
 * Carrier `ssh`: one connection, one process on the DUT and one open of its TPM for the whole harvest (RFC 4254, a
 * session channel with "exec"). The process is the script of remote-script.ts, which needs nothing installed on the
 * DUT; a question to the DUT (remote-question.ts) comes before it, on a channel of its own. Whatever comes from the DUT is untrusted: its host key, its announcement, its frames and its words.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { destroy, openSocket } from './connect.ts';
import type { TctiError } from './errors.ts';
import { lastWords } from './last-words.ts';
import { LineTcti } from './line-tcti.ts';
import { askRemote } from './remote-question.ts';
import { type Announcement, findAnnouncement, framingOf, remoteCommand, remoteEnd } from './remote-script.ts';
import { type ClientChannel, SshConnection } from './ssh-connection.ts';
import { StreamLine } from './stream-line.ts';
import type { OpenOptions, RemoteAnswer, Tcti } from './tcti.ts';
import type { SshConf } from './tcti-conf.ts';
import { within } from './within.ts';

/** Between the end of the process’s output and the end of the line: most processes end by themselves then, and how they ended says more. */
const END_GRACE_MS = 1000;

export async function openSsh(conf: SshConf, options: OpenOptions): Promise<Tcti> {
  const begun = performance.now();
  const connection = await openSshConnection(conf, options);
  const signedInMs = performance.now() - begun;
  try {
    const answer = options.question && (await askRemote(connection, options.question, options.signal));
    const rest = { ...options, connectDeadlineMs: Math.max(0, options.connectDeadlineMs - signedInMs) };
    return await within(rest, `starting the bridge at ${conf.host}`, startBridge(connection, answer));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Signed in; rejects with TctiError and leaves nothing open then. The caller closes it. */
export async function openSshConnection(conf: SshConf, options: OpenOptions): Promise<SshConnection> {
  const { ssh: access } = options;
  if (access === undefined) throw new TypeError('An ssh bridge needs to be told how to sign in');
  const endsAt = performance.now() + options.connectDeadlineMs;
  const socket = await openSocket(conf, options);
  let connection: SshConnection | undefined;
  const signIn = async () => {
    connection = await SshConnection.over(socket);
    await connection.signIn(conf, access);
    return connection;
  };
  try {
    const rest = { ...options, connectDeadlineMs: Math.max(0, endsAt - performance.now()) };
    return await within(rest, `signing in at ${conf.host} port ${conf.port}`, signIn());
  } catch (error) {
    await (connection?.close() ?? destroy(socket));
    throw error;
  }
}

async function startBridge(connection: SshConnection, answer: RemoteAnswer | undefined): Promise<Tcti> {
  const channel = await connection.start(remoteCommand);
  const process = watch(channel);
  const ending = Promise.race([process.over, connection.gone]);
  const announcement = await Promise.race([
    announcementOf(channel),
    ending.then(reason => Promise.reject(reason)),
  ]);
  channel.once('data', process.answered);
  const line = new StreamLine({
    input: channel,
    output: channel,
    framing: framingOf(announcement.way),
    ending,
    release: async () => {
      // Ends the group of the process, also one that waits in the kernel for a mute TPM; some servers ignore it.
      if (!process.isOver()) channel.signal('TERM');
      channel.close();
      await connection.close();
    },
  });
  channel.resume();
  return new LineTcti('ssh', announcement.resourceManaged, line, answer);
}

/** What comes behind the announcement stays in the channel. */
function announcementOf(channel: ClientChannel): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const take = (fragment: Buffer) => {
      received = Buffer.concat([received, fragment]);
      try {
        const found = findAnnouncement(received);
        if (found === undefined) return;
        channel.off('data', take).pause();
        if (found.rest.length > 0) channel.unshift(found.rest);
        resolve(found);
      } catch (error) {
        channel.off('data', take);
        reject(error);
      }
    };
    channel.on('data', take);
  });
}

function watch(channel: ClientChannel) {
  const said = lastWords(channel.stderr);
  let how: string | undefined;
  let answered = false;
  const note = (code?: number | null, signal?: string) => {
    if (code !== undefined) how = code === null ? `by ${signal ?? 'a signal'}` : `with exit code ${code}`;
  };
  channel.once('exit', note);
  const end = () => remoteEnd(answered, how ?? 'its output', said());
  const over = new Promise<TctiError>(resolve => {
    // Told once more: the 'exit' of a quick program comes in one piece with its start, before anybody can listen.
    channel.once('close', (code?: number | null, signal?: string) => {
      note(code, signal);
      resolve(end());
    });
    channel.once('end', async () => {
      await pause(END_GRACE_MS, undefined, { ref: false });
      resolve(end());
    });
  });
  return {
    over,
    isOver: () => how !== undefined,
    answered: () => {
      answered = true;
    },
  };
}
