/**
 * The screens in their place on the page. A fault in one takes all of them away: the page then says so by what it does
 * when it begins, and begins anew. What the station does goes on meanwhile, and the sign-in is found again.
 */
import i18next from 'i18next';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Session } from '../src/api/session.ts';
import { App } from './app.tsx';

/** Milliseconds before the page is loaded again, so that a fault that is always there does not spin. */
const restFor = 2_000;

export function startScreens(session: Session): void {
  createRoot(document.getElementById('root')!, { onUncaughtError: beginAgain }).render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
}

function beginAgain(fault: unknown): void {
  console.error(fault);
  const waiting = document.createElement('p');
  waiting.className = 'waiting';
  waiting.setAttribute('role', 'alert');
  waiting.textContent = i18next.t('connecting');
  document.body.append(waiting);
  setTimeout(() => location.reload(), restFor);
}
