import type { ComponentChildren } from 'preact';
import { CheckStatus } from './checks-page.tsx';
import { MarkedText } from './marked-text.tsx';
import { showSome } from './show.ts';

/** What one part of a check came to. */
export type ShownTask =
  | (Task<'CompositionCheckTask'> & { readonly result: { readonly errors: readonly Finding[] } })
  | (Task<'OperationsCheckTask'> & {
      readonly result: {
        readonly numberOfCheckedOperations: number;
        readonly changes: readonly { readonly severity: string; readonly code: string; readonly description: string }[];
      };
    })
  | (Task<'LintCheckTask'> & {
      readonly result: {
        readonly diagnostics: readonly {
          readonly level: string;
          readonly rule: string;
          readonly coordinate: string;
          readonly message: string;
        }[];
      };
    })
  | (Task<'DownstreamCheckTask'> & {
      readonly results: readonly { readonly downstreamVariantName: string; readonly failsUpstreamWorkflow: boolean }[];
    });

interface Task<Name extends string> {
  readonly __typename: Name;
  readonly status: string;
}

interface Finding {
  readonly code: string;
  readonly message: string;
  /** Where it counts against the check. */
  readonly isFailure?: boolean;
}

/** A part of a check and its findings. */
export function CheckTask({ task }: { readonly task: ShownTask }) {
  const { title, note, findings } = read(task);
  return (
    <section class="card">
      <div class="card-head">
        <h2>
          {title} <CheckStatus status={task.status} />
        </h2>
        <p>{note}</p>
      </div>
      {findings.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Finding</th>
                <th scope="col">Code</th>
              </tr>
            </thead>
            <tbody>
              {findings.map(({ code, message, isFailure }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike.
                <tr key={index}>
                  <td class="wrap">
                    <MarkedText text={message} /> {isFailure === true && <span class="badge bad">fails the check</span>}
                  </td>
                  <td class="mono faint tight">{code}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function read(task: ShownTask): { title: string; note: ComponentChildren; findings: readonly Finding[] } {
  switch (task.__typename) {
    case 'CompositionCheckTask': {
      const { errors } = task.result;
      const note = errors.length === 0 ? 'It composes with the other subgraphs' : showSome(errors.length, 'error');
      return { title: 'Composition', note, findings: errors };
    }
    case 'OperationsCheckTask': {
      const { changes, numberOfCheckedOperations: count } = task.result;
      return {
        title: 'Operations',
        note: `${showSome(changes.length, 'change')}, compared with ${showSome(count, 'operation')}`,
        findings: changes.map(({ severity, code, description }) => ({
          ...{ code, message: description, isFailure: severity === 'FAILURE' },
        })),
      };
    }
    case 'LintCheckTask': {
      const { diagnostics } = task.result;
      return {
        title: 'Lint',
        note: diagnostics.length === 0 ? 'Nothing is against the rules' : showSome(diagnostics.length, 'finding'),
        findings: diagnostics.map(({ level, rule, message }) => ({
          code: rule,
          message,
          isFailure: level === 'ERROR',
        })),
      };
    }
    case 'DownstreamCheckTask':
      return {
        title: 'Contracts',
        note: showSome(task.results.length, 'contract'),
        findings: task.results.map(({ downstreamVariantName: name, failsUpstreamWorkflow: isFailure }) => ({
          ...{ code: name, isFailure },
          message: isFailure ? `${name} cannot be made of it` : `${name} can be made of it`,
        })),
      };
  }
}
