/** What a DUT says to one question, where the whole answer comes at once: a server in this process, whose words the kernel keeps together. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import ssh2 from 'ssh2';
import { askRemote } from '../../src/tcti/remote-question.ts';
import type { HostKeys } from '../../src/tcti/ssh-access.ts';
import { SshConnection } from '../../src/tcti/ssh-connection.ts';
import type { SshConf } from '../../src/tcti/tcti-conf.ts';

test('H10 how a command ended is known, however quickly it did', async t => {
  const hostKey = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, client => {
    client.on('error', () => {});
    client.on('authentication', context => context.accept());
    client.on('ready', () =>
      client.on('session', accept =>
        accept().on('exec', (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          channel.write('GX2-004105\n');
          channel.exit(command.includes('fails') ? 3 : 0);
          channel.end();
        }),
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const connection = await SshConnection.over(socket);
  t.after(() => connection.close());
  const hostKeys: HostKeys = { known: () => undefined, record: (_place, fingerprint) => fingerprint };
  const at: SshConf = { name: 'ssh', user: 'dut', host: '127.0.0.1', port };
  await connection.signIn(at, { credentials: [], hostKeys });
  const ask = (command: string) => askRemote(connection, { command, deadlineMs: 10_000 }, undefined);
  assert.deepEqual(await ask('works'), { text: 'GX2-004105\n' });
  assert.deepEqual(await ask('fails'), { unread: 'The command on the DUT ended with exit code 3' });
});
