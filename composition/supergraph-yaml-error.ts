/** One thing wrong with a supergraph.yaml: where (`subgraphs.orders.schema.file`; empty for the file itself), and the way out. */
export interface SupergraphYamlProblem {
  readonly path: string;
  readonly message: string;
}

/** A supergraph.yaml that cannot be used, with all that is wrong with it. */
export class SupergraphYamlError extends Error {
  override readonly name = 'SupergraphYamlError';
  readonly problems: readonly SupergraphYamlProblem[];
  /** What to watch for a repair, as absolute paths. */
  readonly files: readonly string[];

  constructor(file: string, problems: readonly SupergraphYamlProblem[], files: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, message }) => (path === '' ? `  ${message}` : `  ${path}: ${message}`));
    super(`${file} has ${count}:\n${lines.join('\n')}`);
    this.problems = problems;
    this.files = files;
  }
}
