import { pino } from 'pino';

/**
 * An error as a log shows it: type, message and stack with those of its causes, but nothing of the values that a failed
 * query carried. Drizzle puts its parameters into the message, and so into the stack; Postgres quotes rows and parameters in
 * `detail` and `where`. Among them are password hashes and private keys.
 */
export function describeError(error: unknown): unknown {
  return pino.stdSerializers.err(withoutValues(error) as Error);
}

function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const copy: Record<string, unknown> & Error = Object.create(
    Object.getPrototypeOf(error),
    Object.getOwnPropertyDescriptors(error),
  );
  // V8 keeps it behind an accessor that gives nothing for a copy.
  put(copy, 'stack', error.stack);
  if (error.cause !== undefined) put(copy, 'cause', withoutValues(error.cause));
  if ('errors' in error && Array.isArray(error.errors)) put(copy, 'errors', error.errors.map(withoutValues));
  if ('query' in error && 'params' in error) {
    put(copy, 'message', `Failed query: ${String(error.query)}`);
    put(copy, 'stack', `${error.name}: ${copy.message}${framesOf(error)}`);
    put(copy, 'params', undefined);
  }
  if ('severity' in error && 'routine' in error) {
    put(copy, 'detail', undefined);
    put(copy, 'where', undefined);
  }
  return copy;
}

function put(error: Error, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The lines of a stack after its message, which may have lines of its own; none when they cannot be told apart. */
function framesOf({ message, stack = '' }: Error): string {
  const start = stack.indexOf(message);
  return start === -1 ? '' : stack.slice(start + message.length);
}
