/** Where a supergraph comes from. */
export interface Source {
  /** For the log: `supergraph.yaml`, … */
  readonly description: string;
  /** @throws {SupergraphError} for an operator, with the files to watch for a repair, when there is no supergraph to be had */
  load(): Promise<LoadedSdl>;
}

export interface LoadedSdl {
  readonly sdl: string;
  /** Files whose change asks for loading again, as absolute paths. */
  readonly files: readonly string[];
  /** Worth a line in the log. */
  readonly warnings: readonly string[];
}
