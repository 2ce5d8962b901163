import { channel } from 'node:diagnostics_channel';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors.ts';
import type { PersistedConfig } from '../persisted-config.ts';
import type { Manifest } from './manifest.ts';
import { normalizeText } from './normalize-text.ts';

/** What a client may ask for, by a manifest of known operations. */
export interface Safelist {
  /** The text of the known operation that has this id. */
  find(id: string, clientName: string | undefined): string | undefined;
  /**
   * What is executed for a text: that of the manifest for a known one, however the client laid it out, so that there is one plan for both.
   *
   * @throws {GatewayError} `QUERY_NOT_IN_SAFELIST`, `PERSISTED_QUERY_ID_REQUIRED`
   */
  admit(text: string, clientName: string | undefined): string;
  /** Whether operations are taken by their ids alone. */
  readonly isIdNeeded: boolean;
}

/** What is published on `unknownOperations`. */
export interface UnknownOperation {
  readonly text: string;
  readonly clientName: string | undefined;
  readonly isRefused: boolean;
}

/** For those who count and log; see `telemetry/`. */
export const unknownOperations = channel('gateway:unknown-operation');

export interface SafelistOptions {
  readonly mode: PersistedConfig['safelist']['mode'];
  readonly currentManifest: () => Manifest;
  /** A text that has more is unknown, without being read to its end. */
  readonly maxTokens: number;
}

/** Most characters of texts that are remembered, with what was found for them: a text that is known as it stands is none of them. */
const REMEMBERED = 4_000_000;

/** Makes a safelist that goes by the manifest as it is when it is asked. */
export function createSafelist({ mode, currentManifest, maxTokens }: SafelistOptions): Safelist {
  const isIdNeeded = mode === 'only-known-ids';
  // `null`: unknown. With one manifest; another has others.
  const judged = new LRUCache<string, { readonly text: string | null }>({
    maxSize: REMEMBERED,
    sizeCalculation: (_, text) => text.length + 100,
  });
  let judgedBy: Manifest | undefined;

  function match(manifest: Manifest, text: string, clientName: string | undefined): string | undefined {
    const known = manifest.byText(text);
    if (known !== undefined) return known.body;
    if (judgedBy !== manifest) {
      judgedBy = manifest;
      judged.clear();
    }
    const before = judged.get(text);
    if (before !== undefined) return before.text ?? undefined;
    const normalized = normalizeText(text, maxTokens);
    if (normalized === undefined) return undefined;
    const found = manifest.byNormalized(normalized)?.body;
    // A refusal is not remembered: nobody sends such a thing often but who means to fill the memory.
    if (found !== undefined || mode === 'log-unknown') judged.set(text, { text: found ?? null });
    if (found === undefined) tell({ text, clientName, isRefused: mode !== 'log-unknown' });
    return found;
  }

  return {
    isIdNeeded,
    find: (id, clientName) => currentManifest().byId(id, clientName)?.body,
    admit: (text, clientName) => {
      if (mode === 'open') return text;
      if (isIdNeeded) {
        tell({ text, clientName, isRefused: true });
        throw new GatewayError(
          'PERSISTED_QUERY_ID_REQUIRED',
          'No query texts are taken here: send the id of a known operation in extensions.persistedQuery.sha256Hash, without "query".',
        );
      }
      const known = match(currentManifest(), text, clientName);
      if (known !== undefined) return known;
      if (mode === 'log-unknown') return text;
      throw new GatewayError(
        'QUERY_NOT_IN_SAFELIST',
        'This operation is not one of those that are known here. It has to be added to the manifest of persisted queries before it is sent.',
      );
    },
  };
}

function tell(unknown: UnknownOperation): void {
  if (unknownOperations.hasSubscribers) unknownOperations.publish(unknown);
}
