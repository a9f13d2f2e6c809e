import { describe, expect, it } from 'vitest'
import { playActions } from '../../support/action/play-actions'
import { administratorToken, callDomain } from '../../support/tenant/management'
import { aTenant } from '../../support/tenant/tenant'
import { type RecordedFact, readRecordedFacts } from './format'
import { EVERY_SCOPE } from './scopes'
import { shapeDifferences } from './shape'

const tenant = await aTenant()
const { state } = tenant

/** The most times that a call with `until` is made. */
const MAX_CALLS = 10

type Call = Pick<RecordedFact, 'call' | 'body' | 'headers' | 'scopes'>

async function send({ call, body, headers, scopes = EVERY_SCOPE }: Call, kept: Record<string, string>) {
  const [method = '', path = ''] = filled(call, kept).split(' ')
  const text = JSON.stringify(body)
  return callDomain(tenant, tenant.canonicalOrigin, {
    method,
    path,
    headers: {
      ...(scopes !== null && {
        authorization: `Bearer ${await administratorToken(tenant, scopes, tenant.canonicalOrigin)}`,
      }),
      ...headers,
    },
    body: text && JSON.parse(text.replace(/\{(\w+)\}/g, (whole, name: string) => kept[name] ?? whole)),
  })
}

const filled = (call: string, kept: Record<string, string>) =>
  call.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in kept ? encodeURIComponent(kept[name] ?? '') : whole,
  )

/** Values that every row can use as `{audience}` and `{demo_app_secret}`. */
const standing = () => ({
  audience: `${tenant.canonicalOrigin}/api/v2/`,
  demo_app_secret: state.clients.get('demo-app')?.client_secret ?? '',
})

async function prepare(steps: NonNullable<RecordedFact['before']>): Promise<Record<string, string>> {
  const kept: Record<string, string> = standing()
  for (const { keep = {}, until = {}, ...call } of steps) {
    let answer = await send(call, kept)
    const isThere = () => Object.entries(until).every(([key, value]) => answer.body?.[key] === value)
    for (let repeat = 1; repeat < MAX_CALLS && !isThere(); repeat += 1) answer = await send(call, kept)
    expect(answer, `${call.call} prepares`).toMatchObject({
      status: expect.toSatisfy((status) => status < 300),
    })
    expect(isThere(), `${call.call} shows ${JSON.stringify(until)}`).toBe(true)
    for (const [name, path] of Object.entries(keep))
      kept[name] = String(path.split('.').reduce((value, key) => value?.[key], answer.body))
  }
  return kept
}

describe.each(Object.entries(readRecordedFacts()))('recorded: %s', (_file, facts) => {
  it.each(facts.map((fact) => [fact.call, fact.it, fact] as const))('%s: %s', async (_call, _it, fact) => {
    playActions(tenant, [])
    state.reset(fact.world)
    const kept = await prepare(fact.before ?? [])
    const { status, headers, body } = await send(fact, kept)
    const { shape, headers: shown = {}, status: recorded } = fact.answer
    const differences = [
      ...(status === recorded ? [] : [`the status is ${status} and not ${recorded}`]),
      ...(shape === undefined
        ? body === ''
          ? []
          : ['the body is not empty']
        : shapeDifferences(shape, body)),
      ...Object.entries(shown).flatMap(([name, value]) => {
        if (value !== null) return shapeDifferences(value, headers[name], name)
        return headers[name] === undefined ? [] : [`${name} is present and was not recorded`]
      }),
    ]
    expect(differences, fact.source).toEqual([])
  })
})
