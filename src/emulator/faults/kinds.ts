/** Every kind of fault that can be armed. */
import type { FaultKind } from './fault.ts';
import { offline } from './offline.ts';
import { replyDropped } from './reply-dropped.ts';
import { serverError } from './server-error.ts';
import { slow } from './slow.ts';
import { throttled } from './throttled.ts';

export const faultKinds: ReadonlyMap<string, FaultKind> = new Map(
  [offline, slow, throttled, serverError, replyDropped].map(fault => [fault.kind, fault as FaultKind]),
);
