import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { OPERATOR_WAY } from '@/lib/events/account-event'
import {
  COUNTERS,
  FAULTS,
  FIRST_LOSSES,
  FIRST_STEPS,
  toLoss,
  toPrometheusName,
} from '@/lib/observability/counters'
import { toFunnelStep } from '@/lib/observability/funnel-step'
import { toPageProof } from '@/lib/sign-in-methods/link-proof'
import { ACTION_REASONS, PAGE_CODES, SETTINGS_CODES, SHARED_REASONS } from '@/operator/shared/code-catalogue'
import { type Matcher, namesIn } from '../support/docs/promql'
import { blocksOf } from '../support/operator/documented-commands'
import { testConfig } from '../support/process/services'

const read = (path: string) => readFileSync(path, 'utf8')
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.union([
          z.strictObject({ record: z.string(), expr: z.string() }),
          z.strictObject({
            alert: z.string().regex(/^AccountLinking[A-Z]\w+$/),
            expr: z.string(),
            for: z
              .string()
              .regex(/^\d+[mh]$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.strictObject({ summary: z.string(), action: z.string(), page: z.string() }),
          }),
        ]),
      ),
    }),
  ),
})
const Dashboard = z.object({
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string().min(1),
      type: z.enum(['stat', 'timeseries']),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.string() })) }),
})

const rules = Rules.parse(parse(read('docs/reference/monitoring/alerts.yaml'))).groups.flatMap(
  (group) => group.rules,
)
const alerts = rules.filter((rule) => 'alert' in rule)
const records = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))
const dashboard = Dashboard.parse(JSON.parse(read('docs/reference/monitoring/dashboard.json')))
const queries = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...blocksOf(read('docs/operate.md'), 'promql'),
  ...dashboard.templating.list.flatMap(({ name, query }) => (name === 'datasource' ? [] : [query])),
]

const counterOf = new Map(
  Object.values(COUNTERS).map((counter) => [
    toPrometheusName(counter),
    counter.attributes as readonly string[],
  ]),
)
/** Labels that Prometheus adds for the process that sent the counters. */
const OF_PROCESS = ['job', 'instance']
const codes = [PAGE_CODES, SETTINGS_CODES, ACTION_REASONS].flatMap(Object.keys).concat(SHARED_REASONS)
const authorities = ['m2m', 'user', 'linking-client'] as const
const ways = authorities.map(
  (linkingAuthority) => toPageProof({ ...testConfig(), linkingAuthority, brandName: '' }).way,
)

/** The values that the code gives to each label. */
const VALUES: Record<string, string[]> = {
  step: FIRST_STEPS.map(({ step }) => step),
  way: [...FIRST_STEPS.map(({ way }) => way), ...ways, OPERATOR_WAY],
  reason: codes.map((code) => toFunnelStep('refused', { code })?.reason ?? ''),
  what: FIRST_LOSSES.map(({ what }) => what),
  code: FIRST_LOSSES.map(({ code }) => code),
}

/** The faults of a query: each metric, label or value in it that the code does not send. */
function faultsOf(query: string): string[] {
  const { selectors, groupedBy } = namesIn(query)
  const labels = selectors.flatMap(({ metric, matchers }) => {
    const attributes = counterOf.get(metric)
    if (!attributes) return records.includes(metric) && matchers.length === 0 ? [] : [`metric ${metric}`]
    return matchers.flatMap((matcher) => faultsOfMatcher(matcher, attributes))
  })
  const known = selectors.flatMap(({ metric }) => counterOf.get(metric) ?? [])
  return [...labels, ...groupedBy.filter((label) => !known.includes(label)).map((label) => `label ${label}`)]
}

function faultsOfMatcher({ label, operator, value }: Matcher, attributes: readonly string[]): string[] {
  if (OF_PROCESS.includes(label)) return []
  if (!attributes.includes(label)) return [`label ${label}`]
  const values = operator.endsWith('~') ? value.split('|') : [value]
  return values
    .filter((each) => !VALUES[label]?.some((sent) => new RegExp(`^(?:${each})$`).test(sent)))
    .map((each) => `${label} ${each}`)
}

describe('docs/reference/monitoring', () => {
  it.each(queries)('queries only what the service sends: %s', (query) => {
    expect(faultsOf(query)).toEqual([])
  })

  it.each([
    ['sum(rate(account_linking_stages_total[5m]))', 'metric account_linking_stages_total'],
    ['sum(rate(account_linking_steps_total{stage="failed"}[5m]))', 'label stage'],
    ['sum by (method) (rate(account_linking_steps_total[5m]))', 'label method'],
    ['sum(rate(account_linking_steps_total{step="agreed"}[5m]))', 'step agreed'],
    ['sum(rate(account_linking_steps_total{reason=~"clock|slow"}[5m]))', 'reason slow'],
    ['sum(rate(account_linking_lost_total{code="not_sent"}[5m]))', 'code not_sent'],
    ['sum(rate(account_linking_lost_total{way=~"login"}[5m]))', 'label way'],
  ])('finds the fault in %s', (query, fault) => {
    expect(faultsOf(query)).toEqual([fault])
  })

  it('has every counter on the dashboard and in an alert', () => {
    const metricsOf = (all: string[]) =>
      all.flatMap((query) => namesIn(query).selectors.map(({ metric }) => metric))
    for (const where of [
      metricsOf(rules.map(({ expr }) => expr)),
      metricsOf(dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
    ])
      expect([...counterOf.keys()].filter((name) => !where.includes(name))).toEqual([])
  })

  it('counts exactly those failures against the objective that the operator has to fix', () => {
    const used = queries
      .flatMap((query) => namesIn(query).selectors)
      .flatMap(({ matchers }) => matchers)
      .filter(({ label, value }) => label === 'reason' && value.includes('internal'))
    expect(used.length).toBeGreaterThan(6)
    for (const { value } of used) expect(value.split('|').toSorted()).toEqual(FAULTS.toSorted())
  })

  it('queries losses that the service counts from its log lines', () => {
    expect(toLoss('event_lost', { code: 'not_streamed' })).toEqual({ what: 'event', code: 'not_streamed' })
    expect(toLoss('login_continued', { cause: 'store_unavailable' })?.what).toBe('offer')
  })
})

describe('the alerts', () => {
  it('have different names, and link to a section that exists', () => {
    const names = alerts.map(({ alert }) => alert)
    expect(new Set(names).size).toBe(names.length)
    for (const { annotations } of alerts) {
      const [path = '', anchor = ''] = annotations.page.split('#')
      const anchors = [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .trim()
          .replaceAll(' ', '-'),
      )
      expect(anchors, annotations.page).toContain(anchor)
    }
  })

  it('are the ones that docs/operate.md explains', () => {
    const named = [...read('docs/operate.md').matchAll(/`(AccountLinking\w+)`/g)].map(([, name]) => name)
    expect(named.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
  })
})

describe('the dashboard', () => {
  it('has panels that do not overlap', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_none, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })
})
