/**
 * A real Secret Service: a D-Bus session bus of its own that starts GNOME's keyring daemon when it is asked for, unlocked
 * by its password or locked as after a sign-in without one.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedKeyring } from '../../../scripts/setup/unpacked-keyring.mjs';
import { untilGone } from '../../processes.ts';

const programs = unpackedKeyring(fileURLToPath(new URL('../../..', import.meta.url)));

/** For a test's `skip`. */
export function missingKeyring(): string | false {
  return programs === undefined && 'needs an unpacked gnome-keyring: node scripts/setup.mjs test';
}

export interface SecretService {
  /** For the programs that shall find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the daemon; the next one that the bus starts is locked or unlocked. */
  become(state: 'locked' | 'unlocked'): Promise<void>;
  close(): Promise<void>;
}

export async function startSecretService(): Promise<SecretService> {
  const { busDaemon, keyringDaemon, libraries } = programs!;
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-bus-'));
  const place = (name: string) => path.join(folder, name);
  for (const name of ['services', 'home', 'run']) mkdirSync(place(name), { mode: 0o700 });
  writeFileSync(
    place('services/org.freedesktop.secrets.service'),
    `[D-BUS Service]\nName=org.freedesktop.secrets\nExec=${place('daemon')}\n`,
  );
  writeFileSync(
    place('daemon'),
    `#!/bin/sh
echo $$ > '${place('pid')}'
unlock=$(cat '${place('unlock')}')
exec '${keyringDaemon}' --foreground $unlock --components=secrets < '${place('password')}' 2>/dev/null
`,
  );
  chmodSync(place('daemon'), 0o755);
  writeFileSync(place('unlock'), '--unlock');
  writeFileSync(place('password'), 'password');
  writeFileSync(
    place('bus.conf'),
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${place('bus')}</listen>
  <servicedir>${place('services')}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  const bus = spawn(busDaemon, [`--config-file=${place('bus.conf')}`, '--nofork', '--print-address=1'], {
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LD_LIBRARY_PATH: libraries,
      HOME: place('home'),
      XDG_RUNTIME_DIR: place('run'),
      GSETTINGS_BACKEND: 'memory',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    bus.once('error', reject);
    bus.once('exit', code => reject(new Error(`dbus-daemon ended with ${code}`)));
    bus.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
  });
  const endDaemon = async () => {
    let pid: number;
    try {
      pid = Number(readFileSync(place('pid'), 'utf8'));
    } catch {
      return;
    }
    rmSync(place('pid'));
    process.kill(pid);
    await untilGone([pid]);
  };
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    async become(state) {
      await endDaemon();
      writeFileSync(place('unlock'), state === 'unlocked' ? '--unlock' : '');
    },
    async close() {
      await endDaemon();
      const gone = new Promise(resolve => bus.once('exit', resolve));
      bus.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
