import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents } from '../support/operator/documented-commands'

/** Read by others, or no longer read by anyone. */
const OF_OTHERS: Record<string, RegExp> = {
  'Next.js': /^(NEXT_SERVER_ACTIONS_ENCRYPTION_KEY|PORT|HOSTNAME)$/,
  'Node.js': /^(NODE_ENV|NODE_EXTRA_CA_CERTS)$/,
  OpenTelemetry: /^OTEL_EXPORTER_OTLP_(HEADERS|METRICS_TEMPORALITY_PREFERENCE)$/,
  Vercel: /^KV_URL$/,
  'the Account Link Extension':
    /^(CUSTOM_CSS|AUTH0_ACCOUNT_LINKING_EXTENSION_(CLIENT_SECRET|CUSTOM_DOMAIN))$/,
}

/** Every name in capitals that stands in what we wrote, except in documents and tests. */
const args = ['grep', '-howE', '[A-Z][A-Z0-9_]+', '--', ':!*.md', ':!tests', ':!package-lock.json', ':!docs']
const inCode = new Set(execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n'))
/** The Action reads most of its secrets by the name without this. */
const isKnown = (name: string) =>
  inCode.has(name) ||
  inCode.has(name.replace(/^ACCOUNT_LINKING_/, '')) ||
  Object.values(OF_OTHERS).some((pattern) => pattern.test(name))

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, first = '']) => first)

/** Names in sentences and tables, and what commands set. */
const variablesOf = (text: string) => [
  ...found(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=[^`]*)?`/g),
  ...found(text, /`([A-Z]{3,})=[^`]*`/g),
  ...['sh', 'ini']
    .flatMap((language) => blocksOf(text, language))
    .flatMap((block) => found(block, /(?:^|\s)([A-Z][A-Z0-9_]{2,})=/g)),
]

describe('the variables and secrets', () => {
  it.each(documents())('of $path are read', ({ text }) => {
    expect(variablesOf(text).filter((name) => !isKnown(name))).toEqual([])
  })

  it('are found', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const wanted = ['OFFER', 'ACCOUNT_LINKING_MODE', 'AUTH0_PROVISION_TOKEN', 'TENANT_WORLD', 'REDIS_URL']
    expect(all).toEqual(expect.arrayContaining([...wanted, 'EVENTS_WEBHOOK_SECRET']))
    expect(isKnown('REDIS_ADDRESS')).toBe(false)
  })

  it('of other programs are mentioned', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const idle = Object.entries(OF_OTHERS).filter(([, pattern]) => !all.some((name) => pattern.test(name)))
    expect(idle).toEqual([])
  })
})
