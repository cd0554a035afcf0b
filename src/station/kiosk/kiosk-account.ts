/** Whoever stands at the kiosk while nobody signs in. */
export const KIOSK_ACCOUNT = 'kiosk';
