/** Where a supergraph comes from. */
export interface Source {
  /** For the log: `supergraph.yaml`, … */
  readonly description: string;
  /** @throws {SupergraphError} for an operator, with the files to watch for a repair, when there is no supergraph to be had */
  load(): Promise<LoadedSdl>;
  /** Of a source that tells by itself that loading again would bring something else. Asked for once, after the first load. */
  readonly onChange?: (listener: () => void) => void;
  /** What to start with when the first load brings what cannot be served. */
  readonly loadLastGood?: () => Promise<LoadedSdl | undefined>;
  /** Told of what was loaded, when it is served. */
  readonly served?: (loaded: LoadedSdl) => void;
  /** How it is with a source that is elsewhere. */
  readonly status?: () => SourceStatus;
  /** Ends what it has begun; a first load that still waits fails. */
  readonly close?: () => Promise<void>;
}

export interface LoadedSdl {
  readonly sdl: string;
  /** Under what name the source knows it, when it has one for it. */
  readonly version?: string | undefined;
  /** Files whose change asks for loading again, as absolute paths. */
  readonly files: readonly string[];
  /** Worth a line in the log. */
  readonly warnings: readonly string[];
}

/** A source elsewhere, as an operator is told of it. */
export interface SourceStatus {
  readonly description: string;
  /** Whether it answered when it was asked last. */
  readonly isAnswering: boolean;
  /** When it answered last, in ISO 8601. */
  readonly answeredAt: string | undefined;
  /** What it said, or why it did not answer, when it was asked last. */
  readonly error: string | undefined;
}
