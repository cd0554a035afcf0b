/**
 * Keeps a screen joined to its station: connects, takes the whole picture, applies each change, and after a lost
 * connection tries again until it is closed. The last picture stays while it is lost, marked as such. Whoever signed in stays
 * so over a lost connection and a reload, as long as the station says. Made to be read by `useSyncExternalStore`: `state()` gives the same object until something changed.
 */
import { applyEvent } from './apply-event.ts';
import {
  type AccessCalls,
  type Api,
  type ApiCalls,
  ApiError,
  type AuditCalls,
  type BackupCalls,
  type BatchCalls,
  type DeviceCalls,
  type DrainCalls,
  type LiveEvent,
  type PasswordCalls,
  type PeopleCalls,
  type QueueCalls,
  type SettingsCalls,
  type SignInAnswer,
  type StopCalls,
  type VerdictCalls,
  type WorkOrderCalls,
} from './contract.ts';
import { type SessionState, type ShowLater, ShownState } from './shown-state.ts';

export type { SessionState } from './shown-state.ts';

export interface Session
  extends ApiCalls,
    BatchCalls,
    AuditCalls,
    BackupCalls,
    StopCalls,
    QueueCalls,
    VerdictCalls,
    DeviceCalls,
    WorkOrderCalls,
    DrainCalls,
    Omit<AccessCalls, 'resume'>,
    PeopleCalls,
    SettingsCalls,
    PasswordCalls {
  state(): SessionState;
  /** Calls the listener after every change of `state()`; returns the way out. */
  subscribe(listener: () => void): () => void;
  close(): void;
}

export interface SessionOptions {
  /** Milliseconds before the first and at most between attempts; doubled each time in between, with jitter. */
  readonly firstDelay?: number;
  readonly longestDelay?: number;
  /** Keeps the secret by which this window finds its sign-in again, and over a reload at best. Default: until then. */
  readonly secret?: SecretKeeper;
  /** When a picture that changed is to be shown. Default: at once; a screen has frames, and draws once in each. */
  readonly showLater?: ShowLater;
}

export interface SecretKeeper {
  read(): string | undefined;
  write(secret: string | undefined): void;
}

/** `connect` is called for each attempt; it may reject. */
export function openSession(connect: () => Promise<Api>, options: SessionOptions = {}): Session {
  const { firstDelay = 200, longestDelay = 5000, secret = keptHere(), showLater = atOnce } = options;
  const ending = new AbortController();
  const state = new ShownState(showLater);
  let api: Api | undefined;
  /** Acts at the fixtures that this window waits for. */
  let acts = 0;

  /** One connection, from its first picture to its end. True if it ever was live. */
  const follow = async (): Promise<boolean> => {
    let wasLive = false;
    try {
      const opened = await connect();
      if (ending.signal.aborted) opened.close();
      api = opened;
      await findSignIn(opened);
      for await (const event of opened.live()) {
        if (event.kind === 'stopped') {
          wasLive = true;
          state.change({ link: 'live', stop: event.stop }, true);
          continue;
        }
        const view = applyEvent(state.newest.view, event);
        if (!view) continue;
        wasLive = true;
        if (view.who?.state === 'locked') secret.write(undefined);
        state.change({ link: 'live', view }, acts > 0 || !goesOnByItself.has(event.kind));
      }
    } catch {
      // A lost connection is expected here; the state says so.
    } finally {
      api?.close();
      api = undefined;
    }
    return wasLive;
  };

  const findSignIn = async (opened: Api) => {
    const kept = secret.read();
    if (kept !== undefined && !(await opened.resume({ secret: kept })).ok) secret.write(undefined);
  };

  const keeping = async (call: (api: Api) => Promise<SignInAnswer>): Promise<SignInAnswer> => {
    const answer = await call(live());
    if (answer.ok) secret.write(answer.resume);
    return answer;
  };

  const run = async () => {
    let delay = firstDelay;
    while (!ending.signal.aborted) {
      if (await follow()) delay = firstDelay;
      if (ending.signal.aborted) return;
      if (state.newest.link === 'live') state.change({ ...state.newest, link: 'lost' }, true);
      await pause(delay * (0.75 + Math.random() / 2), ending.signal);
      delay = Math.min(delay * 2, longestDelay);
    }
  };

  const live = (): Api => {
    if (!api || state.newest.link !== 'live')
      throw new ApiError('closed', 'The connection to the station is closed');
    return api;
  };

  /** What changes until its answer is here is what somebody at this window waits for. */
  const act = async <T>(call: (api: Api) => Promise<T>): Promise<T> => {
    acts += 1;
    try {
      return await call(live());
    } finally {
      setTimeout(() => {
        acts -= 1;
      }, behindAnswer);
    }
  };

  run();
  return {
    state: () => state.shown,
    subscribe: listener => state.subscribe(listener),
    view: async () => live().view(),
    scan: input => act(opened => opened.scan(input)),
    start: input => act(opened => opened.start(input)),
    stop: input => act(opened => opened.stop(input)),
    clear: input => act(opened => opened.clear(input)),
    listQueue: async input => live().listQueue(input),
    compareEntry: async input => live().compareEntry(input),
    retryEntry: async input => live().retryEntry(input),
    resolveEntry: async input => live().resolveEntry(input),
    listDebts: async input => live().listDebts(input),
    compareAttempt: async input => live().compareAttempt(input),
    overruleAttempt: input => act(opened => opened.overruleAttempt(input)),
    findDevices: async (input, options) => live().findDevices(input, options),
    actOnDevice: async input => live().actOnDevice(input),
    showDevice: async input => live().showDevice(input),
    listWorkOrders: async () => live().listWorkOrders(),
    findWorkOrder: async input => live().findWorkOrder(input),
    openWorkOrder: async input => live().openWorkOrder(input),
    chooseWorkOrder: async input => live().chooseWorkOrder(input),
    setWorkOrderAside: async () => live().setWorkOrderAside(),
    closeWorkOrder: async input => live().closeWorkOrder(input),
    changeQuantity: async input => live().changeQuantity(input),
    lastAttempts: async input => live().lastAttempts(input),
    readBatch: async () => live().readBatch(),
    sendBatchFile: async input => live().sendBatchFile(input),
    setBatch: async input => live().setBatch(input),
    runBatch: async input => live().runBatch(input),
    stopBatch: async () => live().stopBatch(),
    listBatchRows: async input => live().listBatchRows(input),
    saveBatchReport: async () => live().saveBatchReport(),
    discardBatch: async () => live().discardBatch(),
    readAudit: async () => live().readAudit(),
    runAudit: async input => live().runAudit(input),
    stopAudit: async () => live().stopAudit(),
    listExportedFiles: async input => live().listExportedFiles(input),
    readBackups: async () => live().readBackups(),
    makeBackup: async () => live().makeBackup(),
    verifyBackup: async input => live().verifyBackup(input),
    stopBackup: async () => live().stopBackup(),
    restoreBackup: async input => live().restoreBackup(input),
    openAgain: async () => live().openAgain(),
    restoreStopped: async input => live().restoreStopped(input),
    endStopped: async () => live().endStopped(),
    drainOutlook: async () => live().drainOutlook(),
    pauseDrain: async input => live().pauseDrain(input),
    resumeDrain: async input => live().resumeDrain(input),
    tryDrainNow: async () => live().tryDrainNow(),
    signIn: input => keeping(opened => opened.signIn(input)),
    lock: async () => live().lock(),
    stay: async () => live().stay(),
    addFirstSupervisor: input => keeping(opened => opened.addFirstSupervisor(input)),
    leaveKiosk: async input => live().leaveKiosk(input),
    setOwnPin: async input => live().setOwnPin(input),
    listPeople: async () => live().listPeople(),
    addPerson: async input => live().addPerson(input),
    removePerson: async input => live().removePerson(input),
    setPersonPin: async input => live().setPersonPin(input),
    giveHierarchyPassword: input => act(opened => opened.giveHierarchyPassword(input)),
    forgetHierarchyPassword: async input => live().forgetHierarchyPassword(input),
    readSettings: async () => live().readSettings(),
    testDps: async () => live().testDps(),
    forgetDpsKey: async () => live().forgetDpsKey(),
    readTrust: async () => live().readTrust(),
    saveSettings: async input => live().saveSettings(input),
    checkSettings: async input => live().checkSettings(input),
    testFixture: async input => live().testFixture(input),
    previewProduct: async input => live().previewProduct(input),
    setDpsKey: async input => live().setDpsKey(input),
    addTrusted: async input => live().addTrusted(input),
    removeTrusted: async input => live().removeTrusted(input),
    close() {
      ending.abort();
      api?.close();
    },
  };
}

/** Milliseconds: an act's change comes with its answer, but behind it where the stream still waited for the socket. */
const behindAnswer = 100;

/** Runs at the fixtures and the counts that follow from them; of all else somebody did something, or has to know it. */
const goesOnByItself: ReadonlySet<LiveEvent['kind']> = new Set(['fixture', 'outbox', 'today']);

const atOnce: ShowLater = show => {
  show();
  return () => {};
};

function keptHere(): SecretKeeper {
  let kept: string | undefined;
  return {
    read: () => kept,
    write(secret) {
      kept = secret;
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
