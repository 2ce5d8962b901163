/* The explorer's tab that draws how the last answer came: the plan with its calls on a time line, as `extensions.explain` has it. */
(() => {
  const h = React.createElement;
  let last;
  const listeners = new Set();

  /** @param explained `undefined` for an answer that explains nothing */
  function show(explained) {
    last = explained;
    for (const listener of listeners) listener();
  }

  const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  const badge = (text, kind = '') => h('span', { key: text, className: `plan-badge ${kind}` }, text);
  const kindOf = (decision) => (/^(hit|stale|coalesced|partial)/.test(decision) ? 'is-kept' : '');
  const more = (title, ...content) => h('details', { key: title }, h('summary', null, title), ...content);
  const code = (text) => h('pre', null, text);

  function Call({ call, total }) {
    const left = (100 * call.afterMs) / total;
    const width = Math.max(0.5, (100 * call.durationMs) / total);
    const tries = call.tries.map(({ address, durationMs, outcome }, index) =>
      h('li', { key: index }, `${address} · ${outcome} · ${ms(durationMs)}`),
    );
    return h(
      'div',
      { className: 'plan-call' },
      h(
        'div',
        { className: 'plan-line', 'aria-hidden': true },
        h('span', { className: call.code ? 'is-failed' : '', style: { marginLeft: `${left}%`, width: `${width}%` } }),
      ),
      h(
        'p',
        null,
        `after ${ms(call.afterMs)}, for ${ms(call.durationMs)} · ${call.bytes.toLocaleString('en')} bytes`,
        call.code && badge(call.code, 'is-failed'),
      ),
      tries.length === 0
        ? !call.code && h('p', null, 'Another request in flight had asked the same.')
        : more(tries.length === 1 ? '1 try' : `${tries.length} tries`, h('ul', null, tries)),
    );
  }

  function Fetch({ node, total }) {
    const { subgraph, path, operation, calls = [], cache = [] } = node;
    const decisions = cache.map(({ decision, found }) =>
      badge([decision, found].filter(Boolean).join(' '), kindOf(decision)),
    );
    const kept = cache.flatMap(({ key, age, tags, reason }) =>
      Object.entries({ key, age, reason, tags: tags?.join(' ') }).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}: ${value}`],
      ),
    );
    return h(
      'article',
      { className: 'plan-fetch', 'aria-label': `fetch from ${subgraph}` },
      h('h4', null, subgraph, path && h('small', null, ` at ${path}`), ' ', decisions),
      calls.map((call, index) => h(Call, { key: index, call, total })),
      calls.length === 0 && h('p', null, 'Not asked.'),
      more('Operation', code(operation)),
      kept.length > 0 && more('Cache', code(kept.join('\n'))),
    );
  }

  function Node({ node, total }) {
    if (node.kind === 'fetch') return h(Fetch, { node, total });
    if (node.kind === 'condition')
      return h(
        'div',
        { className: 'plan-condition' },
        h('p', null, `if $${node.if}`),
        [node.then, node.else].map((one, index) => one && h(Node, { key: index, node: one, total })),
      );
    const title = node.kind === 'parallel' ? 'At the same time' : 'One after the other';
    return h(
      node.kind === 'parallel' ? 'ul' : 'ol',
      { className: `plan-${node.kind}`, 'aria-label': title },
      node.nodes.map((one, index) => h('li', { key: index }, h(Node, { node: one, total }))),
    );
  }

  function Steps({ steps, total }) {
    const entries = Object.entries(steps);
    return h(
      React.Fragment,
      null,
      h(
        'div',
        { className: 'plan-steps', 'aria-hidden': true },
        entries.map(([step, took], index) =>
          h('span', { key: step, title: step, className: `step-${index % 4}`, style: { flexGrow: took / total } }),
        ),
      ),
      h(
        'dl',
        { className: 'plan-times' },
        entries.map(([step, took]) => h('div', { key: step }, h('dt', null, step), h('dd', null, ms(took)))),
      ),
    );
  }

  function Explained({ explained }) {
    const { operation, stepsMs, plan, cache, refused = [], cost, limits } = explained;
    const total = Object.values(stepsMs).reduce((sum, took) => sum + took, 0) || 1;
    const rows = Object.entries({
      Cost: cost && `${cost.estimated.total} estimated, ${cost.actual.total} actual`,
      Limits: limits?.ratelimit,
      Graph: explained.supergraph.slice(0, 12),
      Hash: operation?.hash.slice(0, 12),
    }).filter(([, value]) => value !== undefined);
    return h(
      React.Fragment,
      null,
      h(
        'p',
        { className: 'plan-summary' },
        h('strong', null, operation?.name ?? 'Anonymous operation'),
        ` · ${ms(total)} `,
        cache && badge(`response: ${cache.decision}${cache.level ? ` ${cache.level}` : ''}`, kindOf(cache.decision)),
      ),
      h(Steps, { steps: stepsMs, total }),
      plan ? h(Node, { node: plan, total }) : h('p', null, 'No subgraph was asked.'),
      refused.length > 0 &&
        h(
          'section',
          null,
          h('h3', null, 'Refused'),
          h(
            'ul',
            null,
            refused.map(({ field, message }, index) => h('li', { key: index }, h('code', null, field), ` ${message}`)),
          ),
        ),
      h(
        'dl',
        { className: 'plan-rows' },
        rows.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))),
      ),
      cache?.key && more('Where the whole answer is kept', code([cache.key, '', ...(cache.tags ?? [])].join('\n'))),
    );
  }

  function Plan() {
    const explained = React.useSyncExternalStore(
      (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      () => last,
    );
    return h(
      'section',
      { className: 'plan', 'aria-label': 'Plan' },
      h('h2', null, 'Plan'),
      explained === undefined
        ? h(
            'p',
            null,
            'Run a query: how its answer came is drawn here. (The gateway has to be allowed to explain it to you.)',
          )
        : h(Explained, { explained }),
    );
  }

  function Icon() {
    const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round' };
    return h(
      'svg',
      { viewBox: '0 0 24 24', 'aria-hidden': true },
      h('path', { ...line, d: 'M4 6h7M9 12h9M14 18h6M4 10v10' }),
    );
  }

  window.TributaryPlan = { show, plugin: { title: 'Plan', icon: Icon, content: Plan } };
})();
