import { hash } from 'node:crypto';
import { type OverrideLabels, relevantLabels } from '../../planning/override-labels.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Prepared } from './prepare.ts';

/** How labels of progressive `@override` are decided. */
export interface OverrideOptions {
  /** What says who asks: `subject`, of a verified token, or the name of a header in any case. */
  readonly key?: string | undefined;
  /** Labels that do not say their percentage themselves: on or off for all, or on for so many percent. */
  readonly labels: Readonly<Record<string, boolean | number>>;
}

export interface LabelRequest {
  readonly supergraph: Supergraph;
  readonly prepared: Prepared;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a verified token. */
  readonly subject?: string | undefined;
}

/** For one request, the labels on which its plan can depend, in alphabetical order; `undefined` for none. */
export type DecideLabels = (request: LabelRequest) => ReadonlyMap<string, boolean> | undefined;

/**
 * Makes the function that decides. A percentage goes by a hash of the label and of the key: the same key gets the same
 * decision for one label in every process and for ever, raising the percentage of a label takes it from nobody, and labels
 * decide apart from one another. A request without a key is decided by chance.
 *
 * @param random from 0 to below 1
 */
export function createDecideLabels({ key, labels }: OverrideOptions, random: () => number = Math.random): DecideLabels {
  const relevant = new WeakMap<Prepared, readonly string[]>();
  const header = key?.toLowerCase() ?? '';

  function relevantTo({ planner }: Supergraph, prepared: Prepared): readonly string[] {
    let names = relevant.get(prepared);
    if (names === undefined) {
      names = relevantLabels(planner.overrideLabels, prepared.document, planner.required.all);
      relevant.set(prepared, names);
    }
    return names;
  }

  return ({ supergraph, prepared, headers, subject }) => {
    // On the way of every request: most supergraphs have no labels.
    if (supergraph.planner.overrideLabels.size === 0) return undefined;
    const names = relevantTo(supergraph, prepared);
    if (names.length === 0) return undefined;
    const client = key === 'subject' ? subject : headers[header];
    return new Map(names.map((label) => [label, isOn(label, client)]));
  };

  function isOn(label: string, client: string | undefined): boolean {
    const wanted = Object.hasOwn(labels, label) ? labels[label] : percentageOf(label);
    if (typeof wanted !== 'number') return wanted === true;
    return (client === undefined || client === '' ? random() : toShare(label, client)) * 100 < wanted;
  }
}

/**
 * What an operator should know of labels that fit nothing: one that is configured and in no subgraph is a misspelling, or is done
 * with; one that is in a subgraph and not configured stays off.
 */
export function checkLabels(overrideLabels: OverrideLabels, { labels }: OverrideOptions): readonly string[] {
  const unknown = Object.keys(labels).filter((label) => !overrideLabels.has(label));
  const undecided = [...overrideLabels.keys()].filter(
    (label) => percentageOf(label) === undefined && !Object.hasOwn(labels, label),
  );
  return [
    ...unknown.map((label) => `override.labels has "${label}", which is no label of an @override in this supergraph`),
    ...undecided.map((label) => `the label "${label}" of an @override is not in override.labels: it is off`),
  ];
}

/** The percentage that a label names itself, as Federation has it: `percent(25)`. */
function percentageOf(label: string): number | undefined {
  const percentage = /^percent\((\d{1,3}(?:\.\d{1,8})?)\)$/.exec(label)?.[1];
  return percentage === undefined ? undefined : Number(percentage);
}

/** A number from 0 to below 1, as good as random, and always the same for the same label and key. */
function toShare(label: string, key: string): number {
  // A label has no line break in it. 48 bits are what one number can hold of the digest.
  return Number.parseInt(hash('sha256', `${label}\n${key}`, 'hex').slice(0, 12), 16) / 2 ** 48;
}
