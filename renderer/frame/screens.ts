/** The screens of the kiosk in the order of the menu. The first is where Esc leads, and what a locked window shows. */
import { AuditScreen } from '../audit/audit-screen.tsx';
import { auditRoles } from '../audit/who-may.ts';
import { BackupScreen } from '../backup/backup-screen.tsx';
import { BatchScreen } from '../batch/batch-screen.tsx';
import { DevicesScreen } from '../devices/devices-screen.tsx';
import { OutboxScreen } from '../outbox/outbox-screen.tsx';
import { PeopleScreen } from '../people/people-screen.tsx';
import { SettingsScreen } from '../settings/settings-screen.tsx';
import { StationScreen } from '../station/station-screen.tsx';
import type { Screen } from './screen.ts';

export const devices: Screen = {
  id: 'devices',
  key: 'F4',
  roles: ['operator', 'supervisor', 'engineer', 'auditor'],
  View: DevicesScreen,
};

export const settings: Screen = { id: 'settings', roles: ['supervisor', 'engineer'], View: SettingsScreen };

export const screens: readonly [Screen, ...Screen[]] = [
  { id: 'station', roles: ['operator', 'supervisor', 'engineer', 'auditor'], View: StationScreen },
  { id: 'outbox', key: 'F2', roles: ['operator', 'supervisor', 'engineer', 'auditor'], View: OutboxScreen },
  devices,
  { id: 'batch', roles: ['supervisor', 'engineer'], View: BatchScreen },
  { id: 'audit', roles: auditRoles, View: AuditScreen },
  { id: 'backup', roles: ['supervisor', 'engineer'], View: BackupScreen },
  settings,
  { id: 'people', key: 'F9', roles: ['supervisor'], View: PeopleScreen },
];
