/**
 * The client's half: the same `Api` over a MessagePort (Electron) and over a WebSocket (browser). A call that gets no
 * answer in time ends; one on a closed connection ends at once. Neither connection mends itself: see session.ts.
 */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { RouterClient } from '@orpc/server';
import { type Api, ApiError } from './contract.ts';
import type { router } from './router.ts';
import type { stopLive, stopRouter } from './stop-router.ts';
import { portWords } from './window-words.ts';

/** A station that is not open has its own stream and calls, and none of the others. */
type Remote = RouterClient<typeof router & Omit<typeof stopRouter, 'live' | 'resume'>>;
type Changes = Awaited<ReturnType<Remote['live']>> | ReturnType<typeof stopLive>;

/** Milliseconds that a call may take. Every call of the API answers at once; harvests are followed in `live`. */
const callTimeout = 10_000;

export interface ClientOptions {
  /** Milliseconds; for tests. */
  readonly timeout?: number;
}

export function overPort(port: MessagePort, options: ClientOptions = {}): Api {
  const ended = Promise.withResolvers<void>();
  port.addEventListener('close', () => ended.resolve());
  port.addEventListener('message', event => {
    if (event.data === portWords.closed) ended.resolve();
  });
  const link: Pick<MessagePort, 'addEventListener' | 'postMessage'> = {
    postMessage: port.postMessage.bind(port),
    addEventListener: (type: string, listener: EventListenerOrEventListenerObject) =>
      port.addEventListener(type, event => {
        const isOurs = event instanceof MessageEvent && event.data === portWords.closed;
        if (!isOurs && typeof listener === 'function') listener(event);
      }),
  };
  const remote: Remote = createORPCClient(new PortLink({ port: link }));
  port.start();
  const close = () => {
    port.postMessage(portWords.closed);
    port.close();
    ended.resolve();
  };
  return connection(remote, ended.promise, close, options);
}

export function overWebSocket(socket: WebSocket, options: ClientOptions = {}): Api {
  const ended = Promise.withResolvers<void>();
  if (socket.readyState === socket.CLOSED) ended.resolve();
  socket.addEventListener('close', () => ended.resolve());
  const remote: Remote = createORPCClient(new WebSocketLink({ websocket: quietOnceClosed(socket) }));
  return connection(remote, ended.promise, () => socket.close(), options);
}

/** oRPC tells the server of an abandoned call also when the socket has gone, and would fail where nobody listens. */
function quietOnceClosed(
  socket: WebSocket,
): Pick<WebSocket, 'readyState' | 'send' | 'addEventListener' | 'removeEventListener'> {
  return {
    get readyState() {
      return socket.readyState === socket.CONNECTING ? socket.CONNECTING : socket.OPEN;
    },
    send(data) {
      if (socket.readyState === socket.OPEN) socket.send(data);
    },
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
  };
}

function connection(
  remote: Remote,
  closed: Promise<void>,
  close: () => void,
  { timeout = callTimeout }: ClientOptions,
): Api {
  let open = true;
  const leaving = new AbortController();
  closed.then(() => {
    open = false;
    leaving.abort();
  });

  const asApiError = (error: unknown, timedOut: boolean): ApiError => {
    if (timedOut) return new ApiError('timeout', `No answer of the station within ${timeout} ms`);
    if (!open) return new ApiError('closed', 'The connection to the station is closed');
    if (error instanceof ORPCError && error.code === 'BAD_REQUEST')
      return new ApiError('invalid-input', 'The station does not take this input');
    if (error instanceof ORPCError && error.code === 'UNAUTHORIZED')
      return new ApiError('sign-in-needed', 'Nobody is signed in at this window');
    return new ApiError('failed', 'The station could not do this; its log says why');
  };

  /** Runs one exchange that must begin to answer within the timeout. @param given aborted where it is given up */
  const within = async <T>(
    exchange: (signal: AbortSignal) => Promise<T>,
    given?: AbortSignal,
  ): Promise<T> => {
    if (!open) throw asApiError(undefined, false);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout);
    try {
      return await exchange(AbortSignal.any([late.signal, leaving.signal, ...(given ? [given] : [])]));
    } catch (error) {
      if (given?.aborted) throw given.reason;
      throw asApiError(error, late.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    closed,
    close,
    view: () => within(signal => remote.view(undefined, { signal })),
    scan: input => within(signal => remote.scan(input, { signal })),
    start: input => within(signal => remote.start(input, { signal })),
    stop: input => within(signal => remote.stop(input, { signal })),
    clear: input => within(signal => remote.clear(input, { signal })),
    listQueue: input => within(signal => remote.listQueue(input, { signal })),
    compareEntry: input => within(signal => remote.compareEntry(input, { signal })),
    retryEntry: input => within(signal => remote.retryEntry(input, { signal })),
    resolveEntry: input => within(signal => remote.resolveEntry(input, { signal })),
    listDebts: input => within(signal => remote.listDebts(input, { signal })),
    compareAttempt: input => within(signal => remote.compareAttempt(input, { signal })),
    overruleAttempt: input => within(signal => remote.overruleAttempt(input, { signal })),
    findDevices: (input, options) => within(signal => remote.findDevices(input, { signal }), options?.signal),
    actOnDevice: input => within(signal => remote.actOnDevice(input, { signal })),
    showDevice: input => within(signal => remote.showDevice(input, { signal })),
    listWorkOrders: () => within(signal => remote.listWorkOrders(undefined, { signal })),
    findWorkOrder: input => within(signal => remote.findWorkOrder(input, { signal })),
    openWorkOrder: input => within(signal => remote.openWorkOrder(input, { signal })),
    chooseWorkOrder: input => within(signal => remote.chooseWorkOrder(input, { signal })),
    setWorkOrderAside: () => within(signal => remote.setWorkOrderAside(undefined, { signal })),
    closeWorkOrder: input => within(signal => remote.closeWorkOrder(input, { signal })),
    changeQuantity: input => within(signal => remote.changeQuantity(input, { signal })),
    lastAttempts: input => within(signal => remote.lastAttempts(input, { signal })),
    readBatch: () => within(signal => remote.readBatch(undefined, { signal })),
    sendBatchFile: input => within(signal => remote.sendBatchFile(input, { signal })),
    setBatch: input => within(signal => remote.setBatch(input, { signal })),
    runBatch: input => within(signal => remote.runBatch(input, { signal })),
    stopBatch: () => within(signal => remote.stopBatch(undefined, { signal })),
    listBatchRows: input => within(signal => remote.listBatchRows(input, { signal })),
    saveBatchReport: () => within(signal => remote.saveBatchReport(undefined, { signal })),
    discardBatch: () => within(signal => remote.discardBatch(undefined, { signal })),
    readAudit: () => within(signal => remote.readAudit(undefined, { signal })),
    runAudit: input => within(signal => remote.runAudit(input, { signal })),
    stopAudit: () => within(signal => remote.stopAudit(undefined, { signal })),
    listExportedFiles: input => within(signal => remote.listExportedFiles(input, { signal })),
    readBackups: () => within(signal => remote.readBackups(undefined, { signal })),
    makeBackup: () => within(signal => remote.makeBackup(undefined, { signal })),
    verifyBackup: input => within(signal => remote.verifyBackup(input, { signal })),
    stopBackup: () => within(signal => remote.stopBackup(undefined, { signal })),
    restoreBackup: input => within(signal => remote.restoreBackup(input, { signal })),
    openAgain: () => within(signal => remote.openAgain(undefined, { signal })),
    restoreStopped: input => within(signal => remote.restoreStopped(input, { signal })),
    endStopped: () => within(signal => remote.endStopped(undefined, { signal })),
    drainOutlook: () => within(signal => remote.drainOutlook(undefined, { signal })),
    pauseDrain: input => within(signal => remote.pauseDrain(input, { signal })),
    resumeDrain: input => within(signal => remote.resumeDrain(input, { signal })),
    tryDrainNow: () => within(signal => remote.tryDrainNow(undefined, { signal })),
    signIn: input => within(signal => remote.signIn(input, { signal })),
    resume: input => within(signal => remote.resume(input, { signal })),
    lock: () => within(signal => remote.lock(undefined, { signal })),
    stay: () => within(signal => remote.stay(undefined, { signal })),
    addFirstSupervisor: input => within(signal => remote.addFirstSupervisor(input, { signal })),
    leaveKiosk: input => within(signal => remote.leaveKiosk(input, { signal })),
    setOwnPin: input => within(signal => remote.setOwnPin(input, { signal })),
    listPeople: () => within(signal => remote.listPeople(undefined, { signal })),
    addPerson: input => within(signal => remote.addPerson(input, { signal })),
    removePerson: input => within(signal => remote.removePerson(input, { signal })),
    setPersonPin: input => within(signal => remote.setPersonPin(input, { signal })),
    giveHierarchyPassword: input => within(signal => remote.giveHierarchyPassword(input, { signal })),
    forgetHierarchyPassword: input => within(signal => remote.forgetHierarchyPassword(input, { signal })),
    readSettings: () => within(signal => remote.readSettings(undefined, { signal })),
    testDps: () => within(signal => remote.testDps(undefined, { signal })),
    forgetDpsKey: () => within(signal => remote.forgetDpsKey(undefined, { signal })),
    readTrust: () => within(signal => remote.readTrust(undefined, { signal })),
    saveSettings: input => within(signal => remote.saveSettings(input, { signal })),
    checkSettings: input => within(signal => remote.checkSettings(input, { signal })),
    testFixture: input => within(signal => remote.testFixture(input, { signal })),
    previewProduct: input => within(signal => remote.previewProduct(input, { signal })),
    setDpsKey: input => within(signal => remote.setDpsKey(input, { signal })),
    addTrusted: input => within(signal => remote.addTrusted(input, { signal })),
    removeTrusted: input => within(signal => remote.removeTrusted(input, { signal })),
    async *live() {
      const stream: Changes = await within(signal => remote.live(undefined, { signal }));
      try {
        for await (const changes of stream) yield* changes;
      } catch (error) {
        throw asApiError(error, false);
      }
    },
  };
}
