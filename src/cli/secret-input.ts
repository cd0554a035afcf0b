/**
 * Secrets that a command asks for one after the other: each typed at a prompt that shows nothing, or for scripts taken
 * from an environment variable or the next line of stdin. Never from an argument, which every process can read (rule S2).
 */
import { createInterface } from 'node:readline';
import type { Invocation } from './command-context.ts';
import { readSecret } from './read-secret.ts';
import { UsageError } from './usage-error.ts';

export interface SecretQuestion {
  /** What is asked for, as the prompt says it. */
  readonly label: string;
  /** Environment variable that answers instead. */
  readonly variable?: string;
  /** A new secret is typed twice at a terminal. */
  readonly twice?: boolean;
}

export interface SecretInput {
  /** @throws UsageError where nothing comes */
  ask(question: SecretQuestion): Promise<string>;
}

/** Lets the process end also where stdin stays open. */
export async function withSecrets<T>(
  { signal }: Pick<Invocation, 'signal'>,
  work: (input: SecretInput) => Promise<T>,
): Promise<T> {
  let lines: ReturnType<typeof createInterface> | undefined;
  let next: AsyncIterator<string> | undefined;
  const nextLine = async () => {
    lines ??= createInterface({ input: process.stdin });
    next ??= lines[Symbol.asyncIterator]();
    const { value, done } = await next.next();
    return done ? '' : value;
  };
  const typed = async ({ label, twice }: SecretQuestion) => {
    const text = await readSecret(`${label}: `, signal);
    if (twice && text !== '' && (await readSecret(`${label} again: `, signal)) !== text)
      throw new UsageError(`${label}: the two are not the same`);
    return text;
  };
  const ask = async (question: SecretQuestion) => {
    const given = question.variable === undefined ? undefined : process.env[question.variable];
    if (given) return given;
    const text = process.stdin.isTTY ? await typed(question) : await nextLine();
    if (text !== '') return text;
    const variable = question.variable ? `, in ${question.variable}` : '';
    throw new UsageError(`${question.label}: give it at a terminal${variable} or as a line of stdin`);
  };
  try {
    return await work({ ask });
  } finally {
    lines?.close();
    process.stdin.unref?.();
  }
}
