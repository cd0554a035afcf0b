/** Whose the audit log is at a screen; the station asks again for each act. */
import type { Role } from '../../src/api/contract.ts';

export const auditRoles: readonly Role[] = ['supervisor', 'engineer', 'auditor'];
