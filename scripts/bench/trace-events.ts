/** What a bench takes from a trace of Chromium (Trace Event Format: `traceEvents`, times in microseconds). */

export interface Task {
  readonly wallMs: number;
  /** Of the thread itself: without the time in which the machine had others at work. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly snapshot?: string };
}

const eventsOf = (trace: Buffer): readonly TraceEvent[] => JSON.parse(trace.toString()).traceEvents;

/** Of the page that was at work: other pages of the browser lie still. */
export function mainThreadTasks(trace: Buffer): readonly Task[] {
  const events = eventsOf(trace);
  const mainThreads = events.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const each = mainThreads.map(({ pid, tid }) =>
    events
      .filter(event => event.pid === pid && event.tid === tid && event.ph === 'X' && isTask(event))
      .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 })),
  );
  const [busiest = []] = each.sort((one, other) => busy(other) - busy(one));
  return busiest;
}

const isTask = ({ name }: TraceEvent) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
const busy = (tasks: readonly Task[]) => tasks.reduce((sum, { wallMs }) => sum + wallMs, 0);

/** Each frame that was painted, as JPEG in base64. */
export function framesOf(trace: Buffer): readonly string[] {
  return eventsOf(trace).flatMap(({ name, args }) =>
    name === 'Screenshot' && args?.snapshot !== undefined ? [args.snapshot] : [],
  );
}
