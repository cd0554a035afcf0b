/** What this screen remembers for itself: theme, language, sound. A screen that may not store anything still works. */
const keys = { theme: 'keyline.theme', language: 'keyline.language', sound: 'keyline.sound' } as const;

export type Theme = 'light' | 'dark';

export function storedTheme(): Theme | undefined {
  const theme = read('theme');
  return theme === 'light' || theme === 'dark' ? theme : undefined;
}

/** Absent: as the station's configuration says. */
export const storedLanguage = (): string | undefined => read('language');
export const storedSound = (): boolean => read('sound') !== 'off';

export const storeTheme = (theme: Theme) => write('theme', theme);
export const storeLanguage = (tag: string) => write('language', tag);
export const storeSound = (on: boolean) => write('sound', on ? 'on' : 'off');

/** The secret of the sign-in: for this window only, over a reload, and gone with it. */
export const signInKeeper = {
  read(): string | undefined {
    try {
      return sessionStorage.getItem('keyline.signIn') ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(secret: string | undefined): void {
    try {
      if (secret === undefined) sessionStorage.removeItem('keyline.signIn');
      else sessionStorage.setItem('keyline.signIn', secret);
    } catch {
      // Without storage a reload locks the window.
    }
  },
};

function read(name: keyof typeof keys): string | undefined {
  try {
    return localStorage.getItem(keys[name]) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(name: keyof typeof keys, value: string): void {
  try {
    localStorage.setItem(keys[name], value);
  } catch {
    // Storage can be forbidden by policy; the choice then lasts until the next start.
  }
}
