import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSupergraphYaml, SupergraphYamlError } from '../../composition/supergraph-yaml.ts';
import { freePort } from '../support/free-port.ts';

const SDL = 'type Query { a: Int }';

describe('readSupergraphYaml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-yaml-'));
    mkdirSync(join(folder, 'schemas'));
    writeFileSync(join(folder, 'schemas', 'users.graphql'), SDL);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (yaml: string, environment: Record<string, string> = {}) => {
    writeFileSync(join(folder, 'supergraph.yaml'), yaml);
    return readSupergraphYaml(join(folder, 'supergraph.yaml'), { environment });
  };

  async function failure(promise: Promise<unknown>): Promise<SupergraphYamlError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof SupergraphYamlError)) throw new Error(`expected a SupergraphYamlError, not ${error}`);
    return error;
  }

  /** The problems by path. */
  const problems = async (yaml: string, environment?: Record<string, string>) =>
    (await failure(read(yaml, environment))).problems.map(({ path, message }) => `${path}: ${message}`);

  it('reads schemas from files beside it and inline, and tells what to watch', async () => {
    const yaml = `
federation_version: =2.14.4
subgraphs:
  users:
    routing_url: http://localhost:4101/graphql
    schema: { file: ./schemas/users.graphql }
  orders:
    routing_url: https://orders.example/
    schema: { sdl: "type Query { b: Int }" }
`;
    expect(await read(yaml)).toEqual({
      subgraphs: [
        { name: 'users', url: 'http://localhost:4101/graphql', sdl: SDL },
        { name: 'orders', url: 'https://orders.example/', sdl: 'type Query { b: Int }' },
      ],
      files: [join(folder, 'supergraph.yaml'), join(folder, 'schemas', 'users.graphql')],
      warnings: [],
    });
  });

  it('takes a path from the working directory and tells absolute ones', async () => {
    writeFileSync(
      join(folder, 'supergraph.yaml'),
      `subgraphs: { a: { routing_url: "http://a", schema: { file: schemas/users.graphql } } }`,
    );
    const { files } = await readSupergraphYaml(relative(process.cwd(), join(folder, 'supergraph.yaml')), {
      environment: {},
    });
    expect(files).toEqual([join(folder, 'supergraph.yaml'), join(folder, 'schemas', 'users.graphql')]);
  });

  it('asks running subgraphs, whose address is then the routing_url too', async () => {
    writeFileSync(
      join(folder, 'supergraph.yaml'),
      `
subgraphs:
  a: { schema: { subgraph_url: "http://a/graphql", introspection_headers: { X-Key: "\${env.KEY}" } } }
  b: { routing_url: "http://b-from-inside/", schema: { subgraph_url: "http://b/graphql" } }
`,
    );
    const asked: unknown[] = [];
    const { subgraphs, files } = await readSupergraphYaml(join(folder, 'supergraph.yaml'), {
      environment: { KEY: 'secret' },
      fetchSdl: async (url, headers) => {
        asked.push({ url, headers });
        return `# ${url}`;
      },
    });
    expect(asked).toEqual([
      { url: 'http://a/graphql', headers: { 'X-Key': 'secret' } },
      { url: 'http://b/graphql', headers: {} },
    ]);
    expect(subgraphs).toEqual([
      { name: 'a', url: 'http://a/graphql', sdl: '# http://a/graphql' },
      { name: 'b', url: 'http://b-from-inside/', sdl: '# http://b/graphql' },
    ]);
    expect(files).toEqual([join(folder, 'supergraph.yaml')]);
  });

  it('replaces variables in every value, and not in names', async () => {
    writeFileSync(join(folder, 'port.txt'), '4101');
    const yaml = `
federation_version: \${env.VERSION}
subgraphs:
  "\${env.HOST}":
    routing_url: http://\${env.HOST}:\${file.port.txt}/\${env.PATH_TO:-graphql}
    schema: { sdl: "type Query { price: Int } # in $$" }
`;
    const { subgraphs, files } = await read(yaml, { VERSION: '=2.14.4', HOST: 'users' });
    expect(subgraphs).toEqual([
      { name: `\${env.HOST}`, url: 'http://users:4101/graphql', sdl: 'type Query { price: Int } # in $' },
    ]);
    expect(files).toEqual([join(folder, 'supergraph.yaml'), join(folder, 'port.txt')]);
  });

  it('tells all problems at once, each with its path and the way out', async () => {
    const port = await freePort();
    const yaml = `
federation_version: 1
subgraph: {}
subgraphs:
  orders:
    routing_ur: http://localhost:4102
    schema: { file: ./orders.graphql }
  users:
    routing_url: localhost:4101
    schema: { fil: ./users.graphql }
  products:
    routing_url: http://\${env.PRODUCTS_HOST}/
    schema: { file: schemas/users.graphql, sdl: "type Query { a: Int }" }
  notifications:
    schema: { subgraph_url: "http://127.0.0.1:${port}/" }
  carts:
    routing_url: 4104
    schema: { graphref: shop@current, subgraph: carts }
  empty:
`;
    const error = await failure(read(yaml));
    expect(error.problems).toEqual([
      {
        path: 'subgraphs.products.routing_url',
        message: `the environment variable PRODUCTS_HOST is not set; set it, or give a default: \${env.PRODUCTS_HOST:-…}`,
      },
      { path: 'subgraphs.orders.routing_ur', message: expect.stringContaining('Did you mean "routing_url"?') },
      { path: 'subgraphs.users.schema.fil', message: expect.stringContaining('Did you mean "file"?') },
      { path: 'subgraphs.carts.routing_url', message: 'must be text' },
      { path: 'subgraphs.empty', message: 'must hold `routing_url: …` and `schema: …`' },
      { path: 'subgraph', message: expect.stringContaining('Did you mean "subgraphs"?') },
      { path: 'federation_version', message: expect.stringContaining('Federation 1 is not supported') },
      { path: 'subgraphs.orders.routing_url', message: expect.stringContaining('is missing') },
      {
        path: 'subgraphs.orders.schema.file',
        message: `${join(folder, 'orders.graphql')} does not exist; the path is relative to the folder of supergraph.yaml`,
      },
      { path: 'subgraphs.users.routing_url', message: expect.stringContaining('"localhost:4101" is not an address') },
      { path: 'subgraphs.products.schema', message: 'says file and sdl; keep one of them' },
      {
        path: 'subgraphs.notifications.schema.subgraph_url',
        message: `http://127.0.0.1:${port}/ cannot be reached (ECONNREFUSED); start the subgraph first, or use schema.file`,
      },
      {
        path: 'subgraphs.carts.schema.graphref',
        message: expect.stringContaining('rover subgraph fetch shop@current --name carts'),
      },
    ]);
    expect(error.message).toMatch(
      /^.*supergraph\.yaml has 13 problems:\n {2}subgraphs\.products\.routing_url: the env/,
    );
    expect(error.files).toEqual([
      join(folder, 'supergraph.yaml'),
      join(folder, 'orders.graphql'),
      join(folder, 'schemas', 'users.graphql'),
    ]);
  });

  it('says that the file is not there', async () => {
    const missing = join(folder, 'missing.yaml');
    const error = await failure(readSupergraphYaml(missing, { environment: {} }));
    expect(error.message).toBe(
      `${missing} has a problem:\n  the file does not exist; name the supergraph.yaml that lists the subgraphs`,
    );
    expect(error.files).toEqual([missing]);
  });

  it('says where it is not YAML', async () => {
    expect(await problems('subgraphs:\n  a: [1,\n  b: 2\n')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^: it is not YAML: .* at line \d/)]),
    );
    expect(await problems('a: 1\na: 2\n')).toEqual([': it is not YAML: Map keys must be unique at line 2, column 1']);
    expect(await problems('a: *nothing\n')).toEqual([expect.stringContaining('it is not usable YAML')]);
  });

  it.each([
    ['', ': must hold `subgraphs: …`'],
    ['- a', ': must hold `subgraphs: …`'],
    ['federation_version: =2.14.4', 'subgraphs: must list the subgraphs as `name: { routing_url, schema }`'],
    ['subgraphs:', 'subgraphs: must list the subgraphs as `name: { routing_url, schema }`'],
    ['subgraphs: [a]', 'subgraphs: must list the subgraphs as `name: { routing_url, schema }`'],
    ['subgraphs: {}', 'subgraphs: lists no subgraph'],
  ])('refuses "%s": %s', async (yaml, problem) => {
    expect(await problems(yaml)).toEqual([problem]);
  });

  const one = (schema: string) => `subgraphs: { a: { routing_url: "http://a", schema: ${schema} } }`;
  it.each([
    ['{}', 'subgraphs.a.schema: must say where the schema is: `file: …`, `subgraph_url: …` or `sdl: …`'],
    ['5', 'subgraphs.a.schema: must say where the schema is: `file: …`, `subgraph_url: …` or `sdl: …`'],
    ['{ file: 5 }', 'subgraphs.a.schema.file: must be text'],
    [
      '{ file: schemas }',
      'subgraphs.a.schema.file: FOLDER/schemas cannot be read (EISDIR); the path is relative to the folder of supergraph.yaml',
    ],
    [
      '{ subgraph_url: "ftp://a" }',
      'subgraphs.a.schema.subgraph_url: "ftp://a" is not an address; write http://host:port/path or https://…',
    ],
    [
      '{ sdl: a, introspection_headers: { a: b } }',
      'subgraphs.a.schema.introspection_headers: has no use without subgraph_url; remove it',
    ],
    ['{ sdl: a, introspection_headers: [a] }', 'subgraphs.a.schema.introspection_headers: must be `name: value` pairs'],
    ['{ sdl: a, subgraph: b }', 'subgraphs.a.schema.subgraph: has no use without graphref; remove it'],
    [
      '{ sdl: "$price" }',
      `subgraphs.a.schema.sdl: "$price" is not a variable; write \${env.price}, or $$price for the text itself`,
    ],
  ])('refuses the schema %s: %s', async (schema, problem) => {
    expect(await problems(one(schema))).toEqual([problem.replace('FOLDER', folder)]);
  });

  it.each([
    ['=2.14.4', 0],
    ['2', 1],
    ['"2"', 1],
    ['=2.9.0', 1],
    ['2.14', 1],
  ])('composes a file for version %s with %i warnings', async (version, count) => {
    const { warnings } = await read(`federation_version: ${version}\n${one('{ sdl: a }')}`);
    expect(warnings).toHaveLength(count);
    for (const warning of warnings) expect(warning).toContain('2.14.4');
  });

  it.each(['1', '=1.2.0', '=3.0.0', 'latest', '""'])('refuses version %s', async (version) => {
    expect(await problems(`federation_version: ${version}\n${one('{ sdl: a }')}`)).toEqual([
      expect.stringMatching(/^federation_version: .*=2\.14\.4/),
    ]);
  });

  it('has no opinion on a file without a version', async () => {
    expect((await read(one('{ sdl: a }'))).warnings).toEqual([]);
  });
});
