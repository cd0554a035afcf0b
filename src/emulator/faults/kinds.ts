/** Every kind of fault that can be armed. */
import { cut } from './cut.ts';
import type { FaultKind } from './fault.ts';
import { forbidden } from './forbidden.ts';
import { garbage } from './garbage.ts';
import { hang } from './hang.ts';
import { offline } from './offline.ts';
import { refused } from './refused.ts';
import { replyDropped } from './reply-dropped.ts';
import { serverError } from './server-error.ts';
import { slow } from './slow.ts';
import { throttled } from './throttled.ts';
import { unauthorized } from './unauthorized.ts';
import { wrongClock } from './wrong-clock.ts';

const kinds = [
  ...[offline, refused, slow, hang, throttled, unauthorized, forbidden],
  ...[serverError, replyDropped, cut, garbage, wrongClock],
];

export const faultKinds: ReadonlyMap<string, FaultKind> = new Map(
  kinds.map(fault => [fault.kind, fault as FaultKind]),
);
