/** Why a planner does not take or does not end a piece of work. */
export type PlanningFault =
  /** It needs more time than it may have. */
  | 'too slow'
  /** It does not fit the stack or the memory of a thread. */
  | 'too large'
  /** It is beyond the planner's own bounds. */
  | 'too many choices'
  /** Too much waits already, most of it for this client. */
  | 'queue full'
  /** No thread came to it in time. */
  | 'waited too long'
  /** The supergraph is no longer in use. */
  | 'closed';

/** Work that was refused; nothing of it is a fault of the supergraph or of the planner. */
export class PlanningRefusal extends Error {
  override readonly name = 'PlanningRefusal';
  readonly fault: PlanningFault;
  /** What the option says that bounds it, if one does. */
  readonly bound: number | undefined;

  constructor(fault: PlanningFault, { bound, ...options }: ErrorOptions & { readonly bound?: number } = {}) {
    super(`the work is refused: ${fault}`, options);
    this.fault = fault;
    this.bound = bound;
  }
}
