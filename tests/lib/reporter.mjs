// One JSON line for each finished test of a file: what run.mjs counts. Suites are not counted, their
// tests are. Written for node:test as Node 18 has it.
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') {
      // A suite fails by its tests, which are counted, or by its own hooks, which nobody else tells of.
      const cause = data.details.error?.failureType;
      if (type === 'test:pass' || cause === 'subtestsFailed') continue;
    } else if (data.details?.error?.failureType === 'subtestsFailed') {
      continue;
    }
    const skipped = data.skip !== undefined && data.skip !== false;
    const error = data.details?.error;
    const cause = error?.cause ?? error;
    yield `${JSON.stringify({
      name: data.name, outcome: skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed',
      ms: Math.round(data.details?.duration_ms ?? 0),
      error: type === 'test:fail' ? String(cause?.stack || cause?.message || cause) : undefined,
    })}\n`;
  }
}
