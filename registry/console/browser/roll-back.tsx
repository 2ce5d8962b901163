import { useContext, useRef, useState } from 'preact/hooks';
import { ask } from './ask.ts';
import { Viewing } from './viewing.ts';

export interface RollBackProps {
  /** Which version is to be served again. */
  readonly to: number;
  /** Which one is served now. */
  readonly served: number | null;
  /** Called with the version that was made. */
  readonly onDone: (made: number) => void;
}

interface Answer {
  readonly graph: { readonly variant: { readonly rollBack: { readonly number: number } | null } | null } | null;
}

const MUTATION = `mutation RollBack($graph: ID!, $variant: String!, $to: Int!) {
  graph(id: $graph) { variant(name: $variant) { rollBack(to: $to) { number } } }
}`;

/** Serves an earlier or a later version again, once that was confirmed. */
export function RollBack({ to, served, onDone }: RollBackProps) {
  const { graphId, variant } = useContext(Viewing);
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();

  async function confirm(): Promise<void> {
    setBusy(true);
    setRefusal(undefined);
    try {
      const { graph } = await ask<Answer>(MUTATION, { graph: graphId, variant, to });
      dialog.current?.close();
      onDone(graph?.variant?.rollBack?.number ?? to);
    } catch (error) {
      setRefusal((error as Error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <button
        type="button"
        class="button primary"
        onClick={() => {
          setRefusal(undefined);
          dialog.current?.showModal();
        }}
      >
        Serve this version again
      </button>
      <dialog ref={dialog} aria-labelledby="roll-back-title">
        <div class="dialog">
          <h2 id="roll-back-title">
            Serve version {to} of {graphId}@{variant} again?
          </h2>
          <p>
            Its subgraphs and its supergraph become a new version
            {served !== null && `, in place of version ${served}`}. Gateways follow within seconds. What is published
            next builds on it.
          </p>
          <p class="note">Nothing is lost: every other version can be served again in the same way.</p>
          <div role="alert">{refusal !== undefined && <p class="banner">{refusal}</p>}</div>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="button" class="button primary" disabled={isBusy} onClick={confirm}>
              Serve version {to}
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
