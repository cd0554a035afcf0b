/** The command line was used in a way that it does not know. */
export class UsageError extends Error {}
