import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { RegistryError } from '../../../registry/errors.ts';
import { createErrorFormat } from '../../../registry/rover/show-error.ts';
import { createLog } from '../../../service/logs.ts';

describe('what rover is shown of an error', () => {
  const lines: string[] = [];
  const format = createErrorFormat(createLog('registry', 'warn', { write: (line) => lines.push(line) }));
  const shown = (error: Error) => format({ message: error.message }, error);

  it('is the code and message of a refusal', () => {
    expect(shown(new RegistryError('BUSY', 'Later.'))).toEqual({ message: 'Later.', extensions: { code: 'BUSY' } });
  });

  it('is that the database is away, whatever the driver says', () => {
    const lost = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(shown(new Error('Failed query: select secret', { cause: lost }))).toMatchObject({
      message: expect.stringContaining('Postgres does not answer'),
      extensions: { code: 'DATABASE_UNAVAILABLE' },
    });
  });

  it('is what graphql-js says of the request', () => {
    expect(shown(new GraphQLError('Syntax Error'))).toEqual({ message: 'Syntax Error' });
  });

  it('is nothing of a fault of the registry, which the log has whole', () => {
    lines.length = 0;
    const { message, extensions } = shown(new TypeError('a is undefined'));
    expect({ message, extensions }).toEqual({
      message: expect.stringMatching(
        /^The registry failed at this, by a fault of its own. Its log says more, under the id [\da-f-]{36}\.$/,
      ),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(lines.join()).toContain('a is undefined');
    expect(lines.join()).toContain(/id ([\da-f-]+)/.exec(message)?.[1]);
  });
});
