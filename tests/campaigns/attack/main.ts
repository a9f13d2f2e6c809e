/**
 * `npm run attack`: plays the corpus against a running instance, or one that it starts.
 * @module
 */
import { parseArgs } from 'node:util'
import type { FlowDemo } from '../../support/flow/demo'
import { attack, type Outcome } from './attack'
import { type AttackCase, groupsOf, isRunnable, readCorpus } from './corpus'
import { Targets } from './targets'

/**
 * Plays the corpus and prints a table by group.
 *
 * @param args - `--only` an id, or the beginning of several; `--base`, `--tenant`, `--tls`, `--other`: addresses of a
 *   running demo, and `--ca` the file of its CA. Without `--base`, each group has its own demo.
 * @returns Whether everything passed.
 */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(
      ['only', 'base', 'tenant', 'tls', 'other', 'ca'].map((name) => [name, { type: 'string' as const }]),
    ),
  })
  const cases = readCorpus().filter(({ id }) => id.startsWith(values.only ?? ''))
  if (cases.length === 0) throw new Error(`There is no case ${values.only}.`)
  const running = values.base === undefined ? undefined : runningDemo({ ...values, base: values.base })
  const outcomes: Outcome[] = []
  for (const group of groupsOf(cases)) {
    const targets = new Targets(running)
    try {
      for (const one of group.cases.filter(isRunnable)) outcomes.push(await attack(targets, one))
    } finally {
      await targets.close()
    }
  }
  return report(cases, outcomes)
}

/** A demo that was started by another process. Its environment is unknown, so checks that need it are left out. */
function runningDemo({
  base,
  tenant,
  tls,
  other,
  ca = '',
}: { base: string } & Record<string, string | undefined>): FlowDemo {
  return {
    app: new URL(base).origin,
    tenant: tenant ?? 'http://localhost:4400',
    tls: tls ?? 'https://localhost:4401',
    other: other ?? 'http://127.0.0.1:4402',
    ca,
    certificate: { key: '', cert: '' },
    env: {},
  }
}

function report(cases: AttackCase[], outcomes: Outcome[]): boolean {
  const failures = outcomes.flatMap(({ failures }) => failures)
  for (const failure of failures) console.log(`failed: ${failure}`)
  for (const one of cases)
    if (!isRunnable(one))
      console.log(`not run: ${one.id} (${one.threat}): ${one.unrunnable} To check: ${one.check}`)
  console.table(
    Object.fromEntries(
      groupsOf(cases).map(({ name, cases: rows }) => {
        const of = outcomes.filter(({ id }) => id.startsWith(name))
        return [
          name,
          {
            rows: new Set(rows.map(({ id }) => id.slice(0, 3))).size,
            attacks: of.reduce((sum, { passed, failures }) => sum + passed + failures.length, 0),
            failed: of.reduce((sum, { failures }) => sum + failures.length, 0),
            'not run': rows.filter((one) => !isRunnable(one)).length,
          },
        ]
      }),
    ),
  )
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  console.log(`${passed} passed, ${failures.length} failed`)
  return failures.length === 0
}
