/**
 * The bytes at an address that a certificate names, over HTTP (RFC 9110): one GET at a time, with an end to its size, its time
 * and its redirects, through the plant's proxy where there is one. Where there is none, the name's addresses are looked at
 * before the connection is made, so that a name cannot lead where an address may not. What comes back is untrusted.
 */
import { type LookupAddress, lookup } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Environment, type PlantProxy, proxyFor } from '../dps/proxy.ts';
import { type AskedAddress, askedAddress, isInside } from './asked-address.ts';
import { FetchError } from './errors.ts';

export interface FetchLimits {
  readonly mostBytes: number;
  /** Milliseconds for all of it, redirects included. */
  readonly deadlineMs: number;
}

export interface FetchOptions extends FetchLimits {
  /** `host` or `host:port` of the plant's own, whose address may be a private one. */
  readonly internalHosts: readonly string[];
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
  /** How names are looked up; absent: as the system does. */
  readonly lookup?: typeof lookup;
}

const MOST_REDIRECTS = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @throws FetchError and nothing else */
export async function fetchAddress(address: string, options: FetchOptions): Promise<Buffer> {
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const signal = AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]);
  let next = address;
  for (let redirect = 0; redirect <= MOST_REDIRECTS; redirect += 1) {
    const asked = askedAddress(next, options.internalHosts);
    try {
      const answer = await ask(asked, options, signal);
      if (Buffer.isBuffer(answer)) return answer;
      next = answer.location;
    } catch (error) {
      if (error instanceof FetchError) throw error;
      const { host } = asked.url;
      if (options.signal?.aborted) throw new FetchError('stopped', host);
      if (deadline.aborted) throw new FetchError('took-too-long', `${host}: ${options.deadlineMs / 1000} s`);
      throw networkFault(host, error as NodeJS.ErrnoException);
    }
  }
  throw new FetchError('too-many-redirects', `${new URL(address).host}: more than ${MOST_REDIRECTS}`);
}

async function ask(
  { url, isInternal }: AskedAddress,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Buffer | { readonly location: string }> {
  const proxy = isInternal ? undefined : plantProxy(url, options.environment);
  const isHttp = url.protocol === 'http:';
  const agent = isHttp
    ? new http.Agent(
        proxy && { proxyEnv: { HTTP_PROXY: proxy.proxyEnv.HTTPS_PROXY, NO_PROXY: proxy.proxyEnv.NO_PROXY } },
      )
    : new https.Agent(proxy && { proxyEnv: proxy.proxyEnv });
  const opened = socketsOf(agent);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // A request hears of its signal only once it has a connection: not while a proxy is silent, nor within TLS through one.
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const request = (isHttp ? http : https).request(url, {
        agent,
        signal,
        headers: { 'user-agent': 'Keyline', accept: '*/*', 'accept-encoding': 'identity' },
        ...(isInternal ? {} : { lookup: publicOnly(options.lookup ?? lookup, proxy) }),
      });
      request.once('response', resolve);
      request.once('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new FetchError('answer-malformed', `${url.host}: it answers in another protocol`));
      });
      request.once('error', reject);
      request.end();
    });
    return await bytesOf(answer, url, options.mostBytes);
  } finally {
    agent.destroy();
    for (const socket of opened) socket.destroy();
  }
}

/** What the agent connects: it knows none that wait for a proxy or for TLS, and would leave them open. */
function socketsOf(agent: http.Agent): readonly Duplex[] {
  const opened: Duplex[] = [];
  const connect = agent.createConnection;
  agent.createConnection = (...asked) => {
    const socket = connect.apply(agent, asked);
    if (socket) opened.push(socket);
    return socket;
  };
  return opened;
}

async function bytesOf(
  answer: IncomingMessage,
  url: URL,
  mostBytes: number,
): Promise<Buffer | { readonly location: string }> {
  const { statusCode = 0, headers } = answer;
  const tooLarge = () => new FetchError('too-large', `${url.host}: more than ${mostBytes} bytes`);
  try {
    if (redirects.has(statusCode) && headers.location !== undefined) {
      if (!URL.canParse(headers.location, url))
        throw new FetchError('answer-malformed', `${url.host}: it redirects to no address`);
      return { location: new URL(headers.location, url).href };
    }
    if (statusCode === 407)
      throw new FetchError('proxy-failed', `${url.host}: the proxy asks for a password`);
    if (statusCode !== 200) throw new FetchError('answer-status', `${url.host} answers ${statusCode}`);
    if (!/^(?:identity)?$/.test(headers['content-encoding'] ?? ''))
      throw new FetchError('answer-malformed', `${url.host}: the answer is compressed`);
    if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  } finally {
    answer.destroy();
  }
}

/** For http: HTTP_PROXY where it is set, else the one way out that the plant has for https. */
function plantProxy(url: URL, environment: Environment): PlantProxy | undefined {
  const own = url.protocol === 'http:' ? environment.http_proxy || environment.HTTP_PROXY : undefined;
  let proxy: PlantProxy | undefined;
  try {
    proxy = proxyFor(url.hostname, own ? { ...environment, https_proxy: own } : environment);
  } catch (cause) {
    throw new FetchError('proxy-failed', 'HTTPS_PROXY or HTTP_PROXY is not of the form http://host:port', {
      cause,
    });
  }
  // The proxy's own name is looked up without the rule for public addresses: nothing else may have it.
  if (proxy && hostOf(proxy) === url.hostname) throw new FetchError('address-inside', url.hostname);
  return proxy;
}

const hostOf = ({ name }: PlantProxy) => name.replace(/:\d+$/, '');

class InsideAddress extends Error {}

/** A look-up that gives nothing where any of the addresses is not public; the proxy's own name is the plant's. */
function publicOnly(look: typeof lookup, proxy: PlantProxy | undefined): LookupFunction {
  return (hostname, options, callback) => {
    look(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const isProxy = proxy !== undefined && hostname === hostOf(proxy).replace(/^\[(.*)\]$/, '$1');
      const [first] = addresses ?? [];
      if (error) callback(error, '');
      else if (!first || (!isProxy && addresses.some(({ address }) => isInside(address))))
        callback(new InsideAddress(hostname), '');
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

const tlsFault = /^(?:ERR_TLS|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|EPROTO|HOSTNAME)/;

function networkFault(host: string, error: NodeJS.ErrnoException): FetchError {
  const { code = '' } = error;
  if (error instanceof InsideAddress) return new FetchError('address-inside', host);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new FetchError('name-unknown', host);
  if (tlsFault.test(code)) return new FetchError('tls-failed', `${host} (${code})`);
  if (code.startsWith('ERR_PROXY')) return new FetchError('proxy-failed', host);
  if (code.startsWith('HPE_')) return new FetchError('answer-malformed', `${host} (${code})`);
  return new FetchError('no-connection', code === '' ? host : `${host} (${code})`);
}
