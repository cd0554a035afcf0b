import { missing } from '../parts.ts';
import { ipcMain } from '../standin/electron.ts';
import { runApp } from '../standin/run-app.ts';
import { stationSpec } from './station-spec.ts';

stationSpec({
  name: 'stand-in, not Electron',
  skip: missing('swtpm', 'swtpm-tools', 'chromium'),
  async open(dataDir) {
    const app = await runApp(dataDir);
    return {
      page: await app.page(),
      close: app.close,
      // Whoever asks for a port last has it: the page's own one ends.
      drop: () =>
        new Promise(resolve => {
          const senderFrame = {
            url: 'app://keyline/',
            parent: null,
            isDestroyed: () => false,
            postMessage: resolve,
          };
          ipcMain.emit('keyline:open-port', { senderFrame });
        }),
    };
  },
});
