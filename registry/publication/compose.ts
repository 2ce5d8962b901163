import type { Composer } from '../../composition/compose-in-thread.ts';
import { ThreadPoolRefusal } from '../../service/thread-pool.ts';
import { RegistryError } from '../errors.ts';
import type { Compose } from './publishing.ts';

const REASONS: Readonly<Record<ThreadPoolRefusal['fault'], string>> = {
  'queue full': 'Too many compositions are waiting already (composition.queueLength).',
  timeout: 'Composing took too long (composition.timeoutMs).',
  'thread ended': 'Composing needed more memory than it may have (composition.heapMb).',
  closed: 'The registry is being stopped.',
};

/** Composes with threads; what is none of the schemas' fault is BUSY, and nothing is stored then. */
export function composeWith(composer: Composer): Compose {
  return async (subgraphs) => {
    try {
      return await composer.run(subgraphs);
    } catch (error) {
      if (!(error instanceof ThreadPoolRefusal)) throw error;
      throw new RegistryError('BUSY', `${REASONS[error.fault]} Nothing was stored; try again.`, { cause: error });
    }
  };
}
