import { describe, expect, it } from '@jest/globals';
import { composeAt } from '../graph.ts';
import { AFTER, BEFORE } from './soak-all.ts';

describe('the graph of the soak with everything on', () => {
  it('changes as that of the reloads does, and asks for the same scope before and after', () => {
    const [before, after] = [composeAt(BEFORE, '1'), composeAt(AFTER, '1')];
    expect(before).toContain('http://127.0.0.1:1/inventory');
    expect(after).not.toContain('http://127.0.0.1:1/inventory');
    expect(after).toMatch(/name: String @join__field\(graph: WAREHOUSE, override: "products"\)/);
    for (const sdl of [before, after]) {
      expect(sdl).toMatch(/name: String .*@requiresScopes\(scopes: \[\["catalogue:read"\]\]\)/);
      expect(sdl).toContain('type Mutation');
    }
  });
});
