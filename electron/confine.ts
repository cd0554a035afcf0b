/**
 * What no page of this app may do: leave its address, open windows, embed others, ask for devices or permissions,
 * download. Follows Electron's security checklist; test/electron asserts each one.
 */
import { app, type Session, type WebContents } from 'electron';
import { isScreenAddress } from './screen-scheme.ts';

/** Before the app is ready: holds for every page that is ever made. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => confinePage(contents));
}

function confinePage(contents: WebContents): void {
  contents.on('will-navigate', event => {
    if (!isScreenAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', event => {
    if (!isScreenAddress(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', event => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', event => event.preventDefault());
}
