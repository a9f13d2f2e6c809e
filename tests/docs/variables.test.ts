import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LOGIN_OPTIONS, POLICY_OPTIONS, SECRET_PREFIX } from '@/core'
import { Environment } from '@/lib/config/environment'
import { blocksOf, documents } from '../support/documented-commands'

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, first = '']) => first)
const read = (path: string) => readFileSync(path, 'utf8')

const ofAction = read('action/settings.ts')
/** What the Action is told, and what our commands and tests are. */
const SECRETS = [
  ...found(ofAction, /^ {2}'([A-Z_]+)',$/gm),
  ...found(ofAction, /^ {2}([A-Z_]+)\?: string$/gm),
  ...Object.values({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS }).map(({ name }) => SECRET_PREFIX + name),
]
const OF_COMMANDS = ['options', 'chromium', 'other-browsers', 'redis', 'nginx'].flatMap((name) =>
  found(read(`scripts/lib/${name}.mjs`), /(?:\benv\.|variable: ')([A-Z_]+)\b/g),
)
const OF_OPERATOR = found(read('operator/shared/settings.ts'), /\b(AUTH0_PROVISION_[A-Z_]+)\b(?!_)/g)

/** Read by others, or not at all any more. */
const OF_OTHERS: Record<string, RegExp> = {
  'Next.js': /^(NEXT_SERVER_ACTIONS_ENCRYPTION_KEY|PORT|HOSTNAME)$/,
  'Node.js': /^(NODE_ENV|NODE_EXTRA_CA_CERTS)$/,
  OpenTelemetry: /^OTEL_EXPORTER_OTLP_(HEADERS|METRICS_TEMPORALITY_PREFERENCE)$/,
  Vercel: /^KV_URL$/,
  'the Account Link Extension':
    /^(CUSTOM_CSS|AUTH0_ACCOUNT_LINKING_EXTENSION_(CLIENT_SECRET|CUSTOM_DOMAIN))$/,
}

const known = new Set([...Object.keys(Environment.shape), ...SECRETS, ...OF_COMMANDS, ...OF_OPERATOR])
const isKnown = (name: string) =>
  known.has(name) || Object.values(OF_OTHERS).some((pattern) => pattern.test(name))

/** Names within sentences and tables, and what commands set. */
const variablesOf = (text: string) => [
  ...found(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=[^`]*)?`/g),
  ...found(text, /`([A-Z]{3,})=[^`]*`/g),
  ...['sh', 'ini']
    .flatMap((language) => blocksOf(text, language))
    .flatMap((block) => found(block, /(?:^|\s)([A-Z][A-Z0-9_]{2,})=/g)),
]

describe('the variables and secrets', () => {
  it.each(documents())('of $path are read by somebody', ({ text }) => {
    expect(variablesOf(text).filter((name) => !isKnown(name))).toEqual([])
  })

  it('are found', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const wanted = ['OFFER', 'ACCOUNT_LINKING_MODE', 'AUTH0_PROVISION_TOKEN', 'TENANT_WORLD', 'REDIS_URL']
    expect(all).toEqual(expect.arrayContaining([...wanted, 'EVENTS_WEBHOOK_SECRET', 'NGINX_PATH']))
    expect(SECRETS).toHaveLength(19)
  })

  it('of others are mentioned', () => {
    const all = documents().flatMap(({ text }) => variablesOf(text))
    const idle = Object.entries(OF_OTHERS).filter(([, pattern]) => !all.some((name) => pattern.test(name)))
    expect(idle).toEqual([])
  })
})
