/**
 * The plan's vocabulary, as the planner of Apollo Federation gives it. A plan is plain data: it can be printed, kept, and
 * passed between threads.
 */
export type {
  ConditionNode,
  DeferNode,
  FetchDataKeyRenamer,
  FetchDataRewrite,
  FetchNode,
  FlattenNode,
  ParallelNode,
  PlanNode,
  QueryPlan,
  QueryPlanSelectionNode,
  SequenceNode,
  SubscriptionNode,
} from '@apollo/query-planner';
