/**
 * One request of Microsoft's SDK on the wire, watched: `azure-iot-http-base` has no deadline, joins the chunks of an answer
 * without regard to UTF-8, and bounds nothing. An exchange hands the SDK its HTTP layer for exactly one call, so that
 * ending that call destroys its own socket and disturbs no other. What comes back is untrusted.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Agent } from 'node:https';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import httpBase from 'azure-iot-http-base';
import { DpsError } from './errors.ts';
import type { Progress } from './network-fault.ts';

/** Far above what ten enrollments or one record need. */
const longestAnswerBytes = 4 * 1024 * 1024;

export interface ExchangeOptions {
  readonly agent: Agent;
  readonly port: number;
  /** Sees the head of the answer, and how long it took; an error that it returns ends the exchange. */
  readonly inspect: (answer: IncomingMessage, roundTripMs: number) => DpsError | undefined;
  /** Told once, when the exchange was ended from here. */
  readonly onEnded: (error: DpsError) => void;
}

type BuildRequest = InstanceType<typeof httpBase.Http>['buildRequest'];

export class Exchange extends httpBase.Http implements Progress {
  readonly #options: ExchangeOptions;
  #request: ClientRequest | undefined;
  #reached = false;
  #connected = false;
  #certificate: PeerCertificate | undefined;

  constructor(options: ExchangeOptions) {
    super();
    this.#options = options;
    this.setOptions({ http: { agent: options.agent } });
  }

  get reached(): boolean {
    return this.#reached;
  }

  get certificate(): PeerCertificate | undefined {
    return this.#certificate;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Ends the exchange from our side and destroys its socket. */
  end(error: DpsError): void {
    this.#options.onEnded(error);
    this.#request?.destroy();
  }

  override buildRequest(...[method, path, headers, host, options, done]: Parameters<BuildRequest>) {
    const callback = typeof options === 'function' ? options : done;
    if (!callback) throw new TypeError('The SDK built a request without a callback.');
    const request = super.buildRequest(method, path, headers, host, { port: this.#options.port }, callback);
    this.#request = request;
    sendInOnePiece(request);
    let startedMs = performance.now();
    request.once('socket', socket => {
      this.#reached = true;
      startedMs = performance.now();
      // Through a proxy, the socket comes only when its handshake is done.
      if (request.reusedSocket || (socket as TLSSocket).authorized) this.#connected = true;
      else
        this.#handshake(socket as TLSSocket, () => {
          startedMs = performance.now();
        });
    });
    // Before the SDK's own listener, which starts the flow of data.
    request.prependOnceListener('response', answer => this.#watch(answer, performance.now() - startedMs));
    return request;
  }

  #handshake(socket: TLSSocket, onDone: () => void): void {
    // Before Node's own listener, which drops the connection, and with it the certificate, where that is not trusted.
    socket.prependOnceListener('secure', () => {
      this.#certificate = socket.getPeerCertificate();
    });
    socket.once('secureConnect', () => {
      this.#connected = true;
      onDone();
    });
  }

  #watch(answer: IncomingMessage, roundTripMs: number): void {
    answer.setEncoding('utf8');
    const objection = this.#options.inspect(answer, roundTripMs);
    if (objection) {
      this.end(objection);
      return;
    }
    let length = 0;
    answer.on('data', (chunk: string) => {
      length += chunk.length;
      if (length > longestAnswerBytes) {
        this.end(
          new DpsError('answer-malformed', 'The answer of DPS is longer than any answer of DPS can be.'),
        );
      }
    });
  }
}

/** The SDK writes the body and then ends: two writes and two TLS records, where head and body fit into one. */
function sendInOnePiece(request: ClientRequest): void {
  const end = request.end.bind(request) as (body?: string) => ClientRequest;
  let body: string | undefined;
  request.write = (chunk: string) => {
    body = (body ?? '') + chunk;
    return true;
  };
  request.end = () => end(body);
}
