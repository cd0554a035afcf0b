/**
 * TCTI conf strings: how a fixture names its TPM bridge. Grammar of tpm2-tss (doc/tcti.md, tctildr): `name[:conf]`, cut
 * at the first colon. Stricter than tpm2-tss where it guesses: no default search over all TCTIs, no key twice, no empty
 * part, a port is a plain decimal number. The text comes from a configuration or a command line and may be mistyped;
 * every refusal says which part is wrong. `cmd:` is shell text: it is allowed from the configuration and the command
 * line only, never from a screen or the API, and never repeated in a message (it may hold secrets).
 */
import { TctiError } from './errors.ts';

export type TcpAddress = { readonly host: string; readonly port: number };
export type UnixAddress = { readonly path: string };
export type SocketAddress = TcpAddress | UnixAddress;

export type DeviceConf = { readonly name: 'device'; readonly path?: string };
export type SwtpmConf = { readonly name: 'swtpm' } & SocketAddress;
export type MssimConf = { readonly name: 'mssim' } & TcpAddress;
export type CmdConf = { readonly name: 'cmd'; readonly command: string };
export type ReplayConf = { readonly name: 'replay'; readonly path: string };
/** `host` without the brackets of an IPv6 address. */
export type SshConf = { readonly name: 'ssh'; readonly user: string } & TcpAddress;
export type TctiConf = DeviceConf | SwtpmConf | MssimConf | CmdConf | SshConf | ReplayConf;

/** Longest conf string taken, in characters. */
export const MAX_CONF_CHARACTERS = 4096;
export const DEFAULT_HOST = 'localhost';
export const DEFAULT_PORT = 2321;
export const DEFAULT_SSH_PORT = 22;

/** A DNS name, an IPv4 address, or an IPv6 address without brackets, with an optional zone. */
const HOST = /^[A-Za-z0-9._:%-]{1,253}$/;
/** `user@host`, with brackets around an IPv6 address, and `:port` where it is not 22. */
const SSH = /^([^@]*)@(?:\[([^\][]*)\]|([^:\][]*))(?::(.*))?$/;
/** As in useradd(8) and a little more; it never looks like an option. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const LAST_PORT = 65_535;
const PORT = /^[1-9][0-9]{0,4}$/;
/** A mistyped name, short enough to be repeated; anything else may be a command that lacks its `cmd:`. */
const WORD = /^[A-Za-z0-9-]{1,20}$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Throws TctiError `conf-invalid`, which names the part that is wrong. */
export function parseTctiConf(text: string): TctiConf {
  if (text === '') throw invalid('the bridge is empty');
  if (text.length > MAX_CONF_CHARACTERS)
    throw invalid(`the bridge is longer than ${MAX_CONF_CHARACTERS} characters`);
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const conf = colon < 0 ? '' : text.slice(colon + 1);
  if (name === 'cmd') return parseCmd(conf);
  if (CONTROL.test(text)) throw invalid('the bridge holds a control character');
  switch (name) {
    case 'device':
      return parseDevice(conf);
    case 'swtpm':
      return parseSwtpm(conf);
    case 'mssim':
      return parseMssim(conf);
    case 'ssh':
      return parseSsh(conf);
    case 'replay':
      if (conf === '') throw invalid('no file after replay:');
      return { name: 'replay', path: conf };
    default:
      throw invalid(
        `${WORD.test(name) ? `"${name}"` : 'what stands before the first colon'} is no bridge; known are device, swtpm, mssim, cmd, ssh and replay`,
      );
  }
}

/** The conf string in one canonical form, for logs and records. Of `cmd` only the name, so that no secret gets out. */
export function describeTctiConf(conf: TctiConf): string {
  switch (conf.name) {
    case 'cmd':
      return 'cmd';
    case 'device':
      return conf.path === undefined ? 'device' : `device:${conf.path}`;
    case 'replay':
      return `replay:${conf.path}`;
    case 'ssh':
      return `ssh:${conf.user}@${conf.host.includes(':') ? `[${conf.host}]` : conf.host}:${conf.port}`;
    default:
      return 'path' in conf
        ? `${conf.name}:path=${conf.path}`
        : `${conf.name}:host=${conf.host},port=${conf.port}`;
  }
}

function parseDevice(conf: string): DeviceConf {
  if (conf === '') return { name: 'device' };
  if (!conf.startsWith('/')) throw invalid('the path after device: does not start with /');
  return { name: 'device', path: conf };
}

function parseCmd(command: string): CmdConf {
  if (command.trim() === '') throw invalid('no command after cmd:');
  if (command.includes('\0')) throw invalid('the command after cmd: holds a zero character');
  return { name: 'cmd', command };
}

/** `host=`, `port=`, each at most once, in any order, or the Unix-domain socket `path=` alone. */
function parseSwtpm(conf: string): SwtpmConf {
  const { path, ...address } = parseKeyValues('swtpm', conf, ['host', 'port', 'path']);
  if (path === undefined) return { name: 'swtpm', ...parseTcpAddress('swtpm', address) };
  if (address.host !== undefined || address.port !== undefined)
    throw invalid('swtpm: has a path and also a host or port');
  if (!path.startsWith('/')) throw invalid('the path of swtpm: does not start with /');
  return { name: 'swtpm', path };
}

/** The platform port is the next one, so the last port of all cannot be the data port. */
function parseMssim(conf: string): MssimConf {
  const address = parseTcpAddress('mssim', parseKeyValues('mssim', conf, ['host', 'port']));
  if (address.port === LAST_PORT) throw invalid(`the port of mssim: leaves no room for the platform port`);
  return { name: 'mssim', ...address };
}

function parseSsh(conf: string): SshConf {
  const parts = SSH.exec(conf);
  if (parts === null) throw invalid('ssh: is not user@host or user@host:port');
  const [, user = '', address, name = '', port] = parts;
  if (!USER.test(user)) throw invalid('the user of ssh: is not a user name');
  return {
    name: 'ssh',
    user,
    host: parseHost('ssh', address ?? name),
    port: port === undefined ? DEFAULT_SSH_PORT : parsePort('ssh', port),
  };
}

type Key = 'host' | 'port' | 'path';

function parseKeyValues(name: string, conf: string, known: readonly Key[]): Partial<Record<Key, string>> {
  const values: Partial<Record<Key, string>> = {};
  if (conf === '') return values;
  for (const part of conf.split(',')) {
    const [text = '', value = '', ...rest] = part.split('=');
    const key = known.find(candidate => candidate === text);
    if (key === undefined)
      throw invalid(
        `${name}: has "${part.slice(0, 40)}"; known are ${known.map(each => `${each}=`).join(', ')}`,
      );
    if (rest.length > 0) throw invalid(`${name}: has a second = in ${key}`);
    if (value === '') throw invalid(`${name}: has no value for ${key}`);
    if (values[key] !== undefined) throw invalid(`${name}: names ${key} twice`);
    values[key] = value;
  }
  return values;
}

function parseTcpAddress(name: string, { host, port }: Partial<Record<Key, string>>): TcpAddress {
  return {
    host: host === undefined ? DEFAULT_HOST : parseHost(name, host),
    port: port === undefined ? DEFAULT_PORT : parsePort(name, port),
  };
}

function parseHost(name: string, host: string): string {
  if (!HOST.test(host)) throw invalid(`the host of ${name}: is not a name or an address`);
  return host;
}

function parsePort(name: string, port: string): number {
  const number = PORT.test(port) ? Number(port) : 0;
  if (number < 1 || number > LAST_PORT)
    throw invalid(`the port of ${name}: is not a number from 1 to ${LAST_PORT}`);
  return number;
}

function invalid(what: string): TctiError {
  return new TctiError('conf-invalid', `${what[0]?.toUpperCase()}${what.slice(1)}`);
}
