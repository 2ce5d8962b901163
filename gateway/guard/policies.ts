import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../service/config.ts';
import type { Identity } from '../../service/identity.ts';
import type { Log } from '../../service/logs.ts';
import { GatewayError } from '../errors.ts';

/** What a policy module is asked, once for a request that asks for something with a `@policy`. */
export interface PolicyQuestion {
  /** Those that matter for this operation, in alphabetical order. */
  readonly policies: readonly string[];
  /** `undefined` for an anonymous caller. */
  readonly identity: Identity | undefined;
  /** Of the client's request; lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** For each policy whether it holds. One that is not there, or anything but `true`, does not. */
export type PolicyAnswers = Readonly<Record<string, boolean>>;

/** The default export of a policy module. */
export type EvaluatePolicies = (question: PolicyQuestion) => PolicyAnswers | Promise<PolicyAnswers>;

/** Gives the policies that hold; at once, where the module does. @throws {GatewayError} `POLICIES_UNAVAILABLE`, also as a rejection */
export type FindPolicies = (question: PolicyQuestion) => ReadonlySet<string> | Promise<ReadonlySet<string>>;

export interface PoliciesOptions {
  readonly timeoutMs: number;
  readonly log: Log;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** How long failures are counted instead of logged, in milliseconds: who asks again and again must not fill a disk. */
const QUIET_MS = 1_000;

/** Loads a policy module. @throws {ConfigError} when it cannot be loaded, or exports no function by default */
export async function loadPolicies(file: string, options: PoliciesOptions): Promise<FindPolicies> {
  const wrong = (message: string) => new ConfigError([{ path: 'authorization.policyModule', message }]);
  const loaded: unknown = await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw wrong(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { default: evaluate } = loaded as { readonly default?: unknown };
  if (typeof evaluate !== 'function') throw wrong(`${file} has no function as its default export`);
  return createPolicies(evaluate as EvaluatePolicies, options);
}

/** Without a module no policy holds. */
export const noPolicies: FindPolicies = () => NONE;

const NONE: ReadonlySet<string> = new Set();

/** Asks a module within a time. What it throws, and what is no answer, is logged and lets nobody in. */
export function createPolicies(evaluate: EvaluatePolicies, options: PoliciesOptions): FindPolicies {
  const { timeoutMs, log, now = () => performance.now() } = options;
  let quietUntil = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (question) => {
    try {
      const answering = evaluate(question);
      if (!isPromise(answering)) return readAnswers(answering);
      return within(Promise.resolve(answering), timeoutMs).then(readAnswers).catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  };

  function refuse(error: unknown): never {
    if (now() < quietUntil) untold++;
    else {
      log.error({ err: error, ...(untold > 0 && { untold }) }, 'the policy module failed');
      quietUntil = now() + QUIET_MS;
      untold = 0;
    }
    throw new GatewayError('POLICIES_UNAVAILABLE', 'Whether you may have this cannot be found out now.', {
      cause: error,
    });
  }
}

/** Also one of another library's making. */
function isPromise(answering: PolicyAnswers | Promise<PolicyAnswers>): answering is Promise<PolicyAnswers> {
  return typeof (answering as Partial<Promise<unknown>> | undefined)?.then === 'function';
}

function readAnswers(answers: unknown): ReadonlySet<string> {
  if (typeof answers !== 'object' || answers === null)
    throw new TypeError('a policy module must answer with an object: for each policy whether it holds');
  return new Set(Object.entries(answers).flatMap(([policy, holds]) => (holds === true ? [policy] : [])));
}

async function within<Value>(answer: Promise<Value>, timeoutMs: number): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
