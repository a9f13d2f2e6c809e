import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents } from '../support/operator/documented-commands'

/** Variables that other programs read, and former ones of the Account Link Extension. */
const OF_OTHERS: Record<string, RegExp> = {
  'Next.js': /^(NEXT_SERVER_ACTIONS_ENCRYPTION_KEY|PORT|HOSTNAME)$/,
  'Node.js': /^(NODE_ENV|NODE_EXTRA_CA_CERTS)$/,
  OpenTelemetry: /^OTEL_EXPORTER_OTLP_(HEADERS|METRICS_TEMPORALITY_PREFERENCE)$/,
  Vercel: /^KV_URL$/,
  'the Account Link Extension':
    /^(CUSTOM_CSS|AUTH0_ACCOUNT_LINKING_EXTENSION_(CLIENT_SECRET|CUSTOM_DOMAIN))$/,
}

/** Arguments of git to list every name in capitals in our files, except in documents and tests. */
const args = ['grep', '-howE', '[A-Z][A-Z0-9_]+', '--', ':!*.md', ':!tests', ':!package-lock.json', ':!docs']
const inCode = new Set(execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n'))
/** Whether the code or another program reads a variable. The Action names most secrets without `ACCOUNT_LINKING_`. */
const isKnown = (name: string) =>
  inCode.has(name) ||
  inCode.has(name.replace(/^ACCOUNT_LINKING_/, '')) ||
  Object.values(OF_OTHERS).some((pattern) => pattern.test(name))

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, first = '']) => first)

/** The names of variables in the sentences and tables of a document, and those that its commands set. */
const variablesOf = (text: string) => [
  ...found(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=[^`]*)?`/g),
  ...found(text, /`([A-Z]{3,})=[^`]*`/g),
  ...['sh', 'ini']
    .flatMap((language) => blocksOf(text, language))
    .flatMap((block) => found(block, /(?:^|\s)([A-Z][A-Z0-9_]{2,})=/g)),
]

describe('the variables and secrets', () => {
  it.each(documents())('in $path are known to the code or to another program', ({ text }) => {
    expect(variablesOf(text).filter((name) => !isKnown(name))).toEqual([])
  })

  it('are found in the documents', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const wanted = ['OFFER', 'ACCOUNT_LINKING_MODE', 'AUTH0_PROVISION_TOKEN', 'TENANT_WORLD', 'REDIS_URL']
    expect(all).toEqual(expect.arrayContaining([...wanted, 'EVENTS_WEBHOOK_SECRET']))
    expect(isKnown('REDIS_ADDRESS')).toBe(false)
  })

  it('of other programs are all mentioned in a document', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const idle = Object.entries(OF_OTHERS).filter(([, pattern]) => !all.some((name) => pattern.test(name)))
    expect(idle).toEqual([])
  })
})
