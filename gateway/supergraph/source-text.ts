import type { Source } from './source.ts';

/** A supergraph that is at hand as text, and does not change. */
export function createTextSource(sdl: string): Source {
  return { description: 'supergraphSdl', load: async () => ({ sdl, files: [], warnings: [] }) };
}
