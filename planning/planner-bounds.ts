/** Whether the planner stopped at one of its own bounds, which it says only in the text of its errors. */
export function isPlannerBound(error: unknown): boolean {
  return error instanceof Error && PLANNER_BOUNDS.test(error.message);
}

const PLANNER_BOUNDS =
  /^(?:Too many options generated for |Number of non-local selections exceeds limit|Exceeded maximum recursive selections)/;
