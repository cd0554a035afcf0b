/** Archives the lot of a station, and kills itself where it was told to. */
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { minaPin } from '../access/people-fixture.ts';
import { lot } from './lot-fixture.ts';

const [dataDirectory, folder, killAt] = process.argv.slice(2) as [string, string, string];
const core = openCore({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
const who = await signInWithPin(core, { id: 'mina' }, minaPin);
await archiveWorkOrder(core, {
  workOrder: lot,
  folder,
  acceptDebt: true,
  act: { who, reason: 'shipped' },
  onProgress: (step, done, all) => {
    const at = `${step} ${done === 0 ? 'begins' : done < all ? 'goes on' : 'ends'}`;
    if (at === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
core.close();
