import { describe, expect, it } from '@jest/globals';
import { composeAt } from '../graph.ts';
import { AFTER, reload } from './reload.ts';

describe('the graph that changes', () => {
  it('is another after the change, in which the names come from a subgraph that was not there', () => {
    const [before, after] = [composeAt(reload.subgraphs, '1'), composeAt(AFTER, '1')];
    expect(before).toContain('http://127.0.0.1:1/inventory');
    expect(before).not.toContain('http://127.0.0.1:1/warehouse');
    expect(after).toContain('http://127.0.0.1:1/warehouse');
    expect(after).not.toContain('http://127.0.0.1:1/inventory');
    expect(after).toMatch(/name: String @join__field\(graph: WAREHOUSE, override: "products"\)/);
  });
});
