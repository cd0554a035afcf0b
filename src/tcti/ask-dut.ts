/** A question to a DUT behind `ssh:` without its TPM: the connection is made for it and closed again. */
import { askRemote } from './remote-question.ts';
import { openSshConnection } from './ssh-tcti.ts';
import type { OpenOptions, RemoteAnswer, RemoteQuestion } from './tcti.ts';
import type { SshConf } from './tcti-conf.ts';

/** Rejects with TctiError as opening the bridge does. */
export async function askDut(
  conf: SshConf,
  question: RemoteQuestion,
  options: OpenOptions,
): Promise<RemoteAnswer> {
  const connection = await openSshConnection(conf, options);
  try {
    return await askRemote(connection, question, options.signal);
  } finally {
    await connection.close();
  }
}
