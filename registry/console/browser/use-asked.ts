import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { AskError, ask, type Variables } from './ask.ts';
import { Viewing } from './viewing.ts';

/** The answer to a question, as far as it is there. */
export interface Asked<Data> {
  /** Of the same question; kept while it is asked again. */
  readonly data: Data | undefined;
  /** Why there is none, or no newer one. */
  readonly error: Error | undefined;
  /** Asks again. */
  readonly again: () => void;
}

/**
 * Asks when it is first shown, and whenever the question changes.
 *
 * @param everyMs again each time so long after an answer, as long as somebody looks; in milliseconds
 */
export function useAsked<Data>(query: string, variables: Variables = {}, everyMs?: number): Asked<Data> {
  const question = JSON.stringify([query, variables]);
  const [answer, setAnswer] = useState<{ question: string; data?: Data; error?: Error }>({ question: '' });
  const [turn, setTurn] = useState(0);
  const { onSignedOut } = useContext(Viewing);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is its text, and a turn asks it again.
  useEffect(() => {
    const stopping = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (document.visibilityState === 'visible') {
        try {
          const data = await ask<Data>(query, variables, stopping.signal);
          setAnswer({ question, data });
        } catch (error) {
          if (stopping.signal.aborted) return;
          if (error instanceof AskError && error.code === 'KEY_INVALID') return onSignedOut();
          setAnswer((last) => ({ ...(last.question === question ? last : { question }), error: error as Error }));
        }
      }
      if (everyMs !== undefined && !stopping.signal.aborted) timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      stopping.abort();
      clearTimeout(timer);
    };
  }, [question, everyMs, turn]);

  const again = useCallback(() => setTurn((last) => last + 1), []);
  const isOwn = answer.question === question;
  return { data: isOwn ? answer.data : undefined, error: isOwn ? answer.error : undefined, again };
}
