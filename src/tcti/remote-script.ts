/**
 * What runs on the DUT behind an `ssh:` bridge: one POSIX sh script that finds the TPM, announces its way in one line,
 * and then passes commands and responses until its input ends. It needs sh and dd of the DUT and nothing else, so that
 * a bare embedded image will do. Everything that it prints is the DUT's word: untrusted.
 *
 * As tpm2-tools do, it respects TPM2TOOLS_TCTI where the DUT's environment sets it. With tpm2_send (tpm2_send(1)) it
 * becomes that program: bare frames. With dd a command comes behind a line with its size, since a shell cannot hold the
 * zero bytes of a header; dd gathers exactly so many bytes into one write, and one read takes the response.
 */
import { TctiError } from './errors.ts';
import { bareFraming, type Framing } from './stream-line.ts';

const SCRIPT = `
LC_ALL=C; export LC_ALL
end() { echo "$1" >&2; exit 1; }
tcti=$TPM2TOOLS_TCTI
if [ -z "$tcti" ]; then
  for each in /dev/tpmrm0 /dev/tpm0; do [ -e $each ] && { tcti=device:$each; break; }; done
  [ -n "$tcti" ] || end "there is no TPM device"
fi
case $tcti in device:*) device=\${tcti#device:};; *) device=;; esac
case $device in /dev/tpmrm[0-9]*) manager=managed;; *) manager=unmanaged;; esac
if command -v tpm2_send >/dev/null 2>&1; then
  echo "keyline-tpm tpm2_send $manager"
  exec tpm2_send -T "$tcti"
fi
[ -n "$device" ] || end "TPM2TOOLS_TCTI names no device, and there is no tpm2_send"
serve() {
  echo "keyline-tpm dd $manager"
  while read -r size; do
    said=$(dd ibs=1 count="$size" obs=4096 2>&1 >&3) || end "$said"
    said=$(dd bs=4096 count=1 <&3 2>&1 >&4) || end "$said"
    case $said in "0+0 "*) end "the device hung up";; esac
  done
}
serve 3<>"$device" 4>&1
`;

/** For the user's login shell on the DUT, whichever it is. */
export const remoteCommand = `exec /bin/sh -c '${SCRIPT.replaceAll("'", String.raw`'\''`)}'`;

export interface Announcement {
  readonly way: 'tpm2_send' | 'dd';
  /** Whether the kernel's resource manager is behind it. */
  readonly resourceManaged: boolean;
  /** What came behind the line. */
  readonly rest: Buffer;
}

const ANNOUNCEMENT = /(?:^|\n)keyline-tpm (tpm2_send|dd) (managed|unmanaged)\n/;
/** What a talkative login shell may say before. */
const MAX_PREFACE_BYTES = 8192;

/** Undefined until the line is there whole; throws TctiError `frame-invalid` where it does not come. */
export function findAnnouncement(received: Buffer): Announcement | undefined {
  const found = ANNOUNCEMENT.exec(received.toString('latin1'));
  if (found === null) {
    if (received.length > MAX_PREFACE_BYTES)
      throw new TctiError('frame-invalid', `The DUT says ${received.length} bytes and not which TPM it has`);
    return undefined;
  }
  return {
    way: found[1] as Announcement['way'],
    resourceManaged: found[2] === 'managed',
    rest: received.subarray(found.index + found[0].length),
  };
}

export function framingOf(way: Announcement['way']): Framing {
  const bare = bareFraming();
  if (way === 'tpm2_send') return bare;
  return { wrap: command => Buffer.concat([Buffer.from(`${command.length}\n`), command]), push: bare.push };
}

/** The end of the remote process before its first response, from its exit and what it said. */
export function remoteEnd(answered: boolean, how: string, said: string): TctiError {
  const message = `The process on the DUT ended ${how}${said === '' ? '' : `: ${said}`}`;
  // The kernel's own limit for a command.
  if (/timer expired|timed out/i.test(said)) return new TctiError('timeout', message);
  if (answered) return new TctiError('closed', message);
  if (/permission denied|not permitted/i.test(said)) return new TctiError('not-permitted', message);
  return new TctiError(/\bbusy\b/i.test(said) ? 'busy' : 'unreachable', message);
}
