import { LRUCache } from 'lru-cache';
import type { SchemaThreads } from './schema-threads.ts';
import type { MappedType } from './type-map.ts';

/** Which type of a supergraph comes from where, remembered. */
export interface TypeMaps {
  /** @param supergraph with an id that no other text has @throws {RegistryError} BUSY */
  read(supergraph: { readonly id: string; readonly sdl: string }): Promise<readonly MappedType[]>;
}

/** Of two thousand types one has some megabytes. */
const REMEMBERED = 10;

/** Each supergraph is read once, in a thread. */
export function createTypeMaps({ mapTypes }: Pick<SchemaThreads, 'mapTypes'>): TypeMaps {
  const known = new LRUCache<string, Promise<readonly MappedType[]>>({ max: REMEMBERED });
  return {
    read: ({ id, sdl }) => {
      const remembered = known.get(id);
      if (remembered !== undefined) return remembered;
      const types = mapTypes(sdl);
      known.set(id, types);
      types.catch(() => known.delete(id));
      return types;
    },
  };
}
