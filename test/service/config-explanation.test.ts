import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { explainIssue } from '../../service/config-explanation.ts';

const schema = z.strictObject({
  text: z.string().min(2).optional(),
  whole: z.int().positive().max(9).optional(),
  list: z.array(z.string()).min(1).optional(),
  map: z.record(z.string(), z.boolean()).optional(),
  group: z.strictObject({ needed: z.url() }).optional(),
  named: z.record(z.string().regex(/^a/, { error: 'must begin with a' }), z.string()).optional(),
  web: z.url({ protocol: /^https?$/ }).optional(),
  choice: z.enum(['one', 'other']).optional(),
  own: z.string({ error: ({ input }) => (input === undefined ? 'needs a name' : undefined) }).default('x'),
});

it.each([
  [{ text: 5 }, 'must be text'],
  [{ text: 'a' }, 'must have at least 2 characters'],
  [{ whole: 'many' }, 'must be a number'],
  [{ whole: 1.5 }, 'must be a whole number'],
  [{ whole: 0 }, 'must be more than 0'],
  [{ whole: 10 }, 'must be at most 9'],
  [{ list: 'shop' }, 'must be a list, such as [one, two]'],
  [{ list: [] }, 'must have at least 1 item'],
  [{ map: [] }, 'must be a map, such as { name: value }'],
  [{ map: { a: 'yes' } }, 'must be true or false'],
  [{ group: true }, 'must be options, such as { name: value }'],
  [{ group: null }, 'is empty: it must be options, such as { name: value }, or not be there'],
  [{ group: {} }, 'is missing: text'],
  [{ group: { needed: 'there' } }, 'must be a URL'],
  [{ named: { b: 'x' } }, 'must begin with a'],
  [{ web: 'collector:4318' }, 'must be a URL that begins with http:// or https://'],
  [{ choice: 'none' }, 'must be one of one, other'],
  [
    { group: { needed: 'https://a.example', need: 1 } },
    'unknown option "need"; there are needed (docs/config.md lists all options)',
  ],
  [{ own: 5 }, 'must be text'],
])('says of %j: %s', (value, message) => {
  expect(schema.safeParse(value, { error: explainIssue }).error?.issues).toEqual([
    expect.objectContaining({ message }),
  ]);
});
