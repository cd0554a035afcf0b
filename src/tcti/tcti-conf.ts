/**
 * TCTI conf strings: how a fixture names its TPM bridge. Grammar of tpm2-tss (doc/tcti.md, tctildr): `name[:conf]`, cut
 * at the first colon. Stricter than tpm2-tss where it guesses: no default search over all TCTIs, no key twice, no empty
 * part, a port is a plain decimal number. The text comes from a configuration or a command line and may be mistyped;
 * every refusal says which part is wrong. `cmd:` is shell text: it is allowed from the configuration and the command
 * line only, never from a screen or the API, and never repeated in a message (it may hold secrets).
 */
import { TctiError } from './errors.ts';

/** Where a TCP or Unix-domain carrier connects. */
export type SocketAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export type DeviceConf = { readonly name: 'device'; readonly path?: string };
export type SwtpmConf = { readonly name: 'swtpm' } & SocketAddress;
export type MssimConf = { readonly name: 'mssim' } & SocketAddress;
export type CmdConf = { readonly name: 'cmd'; readonly command: string };
export type TctiConf = DeviceConf | SwtpmConf | MssimConf | CmdConf;

/** Longest conf string taken, in characters. */
export const MAX_CONF_CHARACTERS = 4096;
export const DEFAULT_HOST = 'localhost';
export const DEFAULT_PORT = 2321;

/** A DNS name, an IPv4 address, or an IPv6 address without brackets, with an optional zone. */
const HOST = /^[A-Za-z0-9._:%-]{1,253}$/;
const PORT = /^[1-9][0-9]{0,4}$/;
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
      return { name: 'swtpm', ...parseSocketAddress(name, conf) };
    case 'mssim':
      return { name: 'mssim', ...parseSocketAddress(name, conf) };
    default:
      throw invalid(`the bridge starts with "${name.slice(0, 40)}"; known are device, swtpm, mssim and cmd`);
  }
}

/** The conf string in one canonical form, for logs and records. Of `cmd` only the name, so that no secret gets out. */
export function describeTctiConf(conf: TctiConf): string {
  switch (conf.name) {
    case 'cmd':
      return 'cmd';
    case 'device':
      return conf.path === undefined ? 'device' : `device:${conf.path}`;
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

function parseSocketAddress(name: string, conf: string): SocketAddress {
  const { host, port, path } = parseKeyValues(name, conf);
  if (path !== undefined) {
    if (host !== undefined || port !== undefined)
      throw invalid(`${name}: has both path and host or port; one place only`);
    if (!path.startsWith('/')) throw invalid(`the path of ${name}: does not start with /`);
    return { path };
  }
  return {
    host: host === undefined ? DEFAULT_HOST : parseHost(name, host),
    port: port === undefined ? DEFAULT_PORT : parsePort(name, port),
  };
}

type Keys = 'host' | 'port' | 'path';

function parseKeyValues(name: string, conf: string): Partial<Record<Keys, string>> {
  const values: Partial<Record<Keys, string>> = {};
  if (conf === '') return values;
  for (const part of conf.split(',')) {
    const [key = '', value = '', ...rest] = part.split('=');
    if (key !== 'host' && key !== 'port' && key !== 'path')
      throw invalid(`${name}: has "${part.slice(0, 40)}"; known are host=, port= and path=`);
    if (rest.length > 0) throw invalid(`${name}: has a second = in ${key}`);
    if (value === '') throw invalid(`${name}: has no value for ${key}`);
    if (values[key] !== undefined) throw invalid(`${name}: names ${key} twice`);
    values[key] = value;
  }
  return values;
}

function parseHost(name: string, host: string): string {
  if (!HOST.test(host)) throw invalid(`the host of ${name}: is not a name or an address`);
  return host;
}

function parsePort(name: string, port: string): number {
  const number = PORT.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw invalid(`the port of ${name}: is not a number from 1 to 65535`);
  return number;
}

function invalid(what: string): TctiError {
  return new TctiError('conf-invalid', `${what[0]?.toUpperCase()}${what.slice(1)}`);
}
