import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { expandVariables } from '../../composition/expand-variables.ts';

const environment = { HOST: 'orders.example', EMPTY: '' };

/** What both rover and we make of a text. */
const SAME: readonly (readonly [text: string, expanded: string])[] = [
  [`http://\${env.HOST}:4102`, 'http://orders.example:4102'],
  [`\${env.HOST}/\${env.HOST}`, 'orders.example/orders.example'],
  [`\${env.HOST:-other}`, 'orders.example'],
  [`\${env.MISSING:-other}`, 'other'],
  [`\${env.MISSING:-}`, ''],
  [`\${env.MISSING:-a:b-c}`, 'a:b-c'],
  [`[\${env.EMPTY}]`, '[]'],
  [`[\${env.EMPTY:-other}]`, '[]'],
  [`\${anything:-other}`, 'other'],
  [`\${file.token.txt}`, 'from the file'],
  [`\${file.token.txt:-other}`, 'from the file'],
  [`\${file.missing.txt:-other}`, 'other'],
  ['$$', '$'],
  [`$\${env.HOST}`, `\${env.HOST}`],
  ['$$HOST', '$HOST'],
  [`$$$\${env.HOST}`, `$\${env.HOST}`],
  ['5 $ and $- and $(x) and $', '5 $ and $- and $(x) and $'],
  [`\${env.HOST`, `\${env.HOST`],
  ['env.HOST}', 'env.HOST}'],
  [`\${env.MISSING:-\${env.HOST}}`, `\${env.HOST}`],
  ['~/schema.graphql', '~/schema.graphql'],
];

/** What both refuse. */
const REFUSED: readonly (readonly [text: string, problem: string])[] = [
  [`\${env.MISSING}`, `the environment variable MISSING is not set; set it, or give a default: \${env.MISSING:-…}`],
  [`\${env.HOST-other}`, 'the environment variable HOST-other is not set'],
  [`\${env.}`, 'the environment variable  is not set'],
  [`\${HOST}`, `"\${HOST}" is not a variable; there are \${env.NAME} and \${file.PATH}, and $\${ for the text itself`],
  [`\${ env.HOST }`, `"\${ env.HOST }" is not a variable`],
  [`\${}`, `"\${}" is not a variable`],
  ['$HOST', `"$HOST" is not a variable; write \${env.HOST}, or $$HOST for the text itself`],
  ['$env.HOST', '"$env" is not a variable'],
  ['$5', '"$5" is not a variable'],
  ['$é', '"$é" is not a variable'],
];

describe('expandVariables', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-expand-'));
    writeFileSync(join(folder, 'token.txt'), 'from the file');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(SAME)('makes of "%s" "%s"', (text, expanded) => {
    expect(expandVariables(text, { environment, folder })).toMatchObject({ text: expanded, problems: [] });
  });

  it.each(REFUSED)('refuses "%s": %s', (text, problem) => {
    expect(expandVariables(text, { environment, folder }).problems).toEqual([expect.stringContaining(problem)]);
  });

  it('tells every variable that is missing in one text', () => {
    expect(expandVariables(`\${env.A}/\${env.B}`, { environment, folder }).problems).toHaveLength(2);
  });

  it('tells which files were read, also one that is not there yet', () => {
    expect(expandVariables(`\${file.token.txt} \${file.x:-d}`, { environment, folder }).files).toEqual([
      join(folder, 'token.txt'),
      join(folder, 'x'),
    ]);
  });

  it('refuses a file that is not there, where rover keeps the text', () => {
    expect(expandVariables(`\${file.missing.txt}`, { environment, folder }).problems).toEqual([
      `the file ${join(folder, 'missing.txt')} cannot be read`,
    ]);
  });

  describe('like rover', () => {
    const rover = (texts: readonly string[]) => {
      const subgraphs = Object.fromEntries(texts.map((text, index) => [`s${index}`, { routing_url: text }]));
      writeFileSync(join(folder, 'supergraph.yaml'), stringify({ subgraphs }));
      const require = createRequire(import.meta.url);
      const command = join(dirname(require.resolve('@apollo/rover/package.json')), 'bin', 'rover.js');
      return spawnSync(
        process.execPath,
        [command, 'supergraph', 'config', 'expand', '--config', 'supergraph.yaml', '--skip-update-check'],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, ...environment, APOLLO_TELEMETRY_DISABLED: '1', APOLLO_CONFIG_HOME: folder },
        },
      );
    };

    it('expands what it expands', () => {
      const { stdout, stderr, status } = rover(SAME.map(([text]) => text));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { subgraphs } = parse(stdout) as { subgraphs: Record<string, { routing_url: string }> };
      expect(Object.values(subgraphs).map(({ routing_url }) => routing_url)).toEqual(
        SAME.map(([, expanded]) => expanded),
      );
    });

    it.each(REFUSED)('refuses "%s"', (text) => {
      expect(rover([text]).status).toBe(1);
    });
  });
});
