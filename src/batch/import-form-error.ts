/** The file as a whole cannot be imported; nothing of it was. */
export class ImportFormError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ImportFormError';
  }
}
