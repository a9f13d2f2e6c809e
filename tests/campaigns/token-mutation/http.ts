/**
 * Mutated tokens over HTTP: `GET /link` of a running demo.
 * @module
 */
import fc from 'fast-check'
import { type FlowDemo, startFlowDemo } from '../../support/flow/demo'
import { FlowTenant } from '../../support/flow/tenant'
import { genuine, tokenOf } from './genuine'
import { expectedVerdict } from './model'
import { type Mutant, mutants } from './mutants'
import { LOGIN, type TokenWorld, worldOf } from './world'

/** Tokens that are made at once, and the seconds within which they are sent, with a margin. */
const CHUNK = 200
const CHUNK_SECONDS = 60
/** The most requests at the same time. */
const WIDTH = 4
/** Length from which Node.js may refuse a request's headers by itself, in characters. */
const LONG_TOKEN = 8_000

/** The results of the tokens that were sent. */
export interface HttpResult {
  passed: number
  /** One line each. */
  failures: string[]
}

/**
 * Starts a demo and sends it tokens that it has to refuse: each gets 400 and the page with the right code, no cookie,
 * and no redirect. Afterwards the tenant has received no call, and a genuine token still opens a flow.
 *
 * @param count - The number of tokens.
 * @param seed - Determines the tokens, together with the time.
 */
export async function runOverHttp(count: number, seed: number): Promise<HttpResult> {
  const demo = await startFlowDemo()
  try {
    return await sendTokens(demo, count, seed)
  } finally {
    await demo.close()
  }
}

async function sendTokens(demo: FlowDemo, count: number, seed: number): Promise<HttpResult> {
  const tenant = new FlowTenant(demo)
  const asked = (await tenant.ledger()).length
  const failures: string[] = []
  let sent = 0
  for (let chunk = 0; sent < count; chunk++) {
    const world = worldNow(demo)
    const waiting = fc
      .sample(mutants(world), { seed: seed + chunk, numRuns: CHUNK })
      .map((mutant) => ({ mutant, code: codeOf(world, mutant) }))
      .filter(({ code }) => code !== undefined)
      .slice(0, count - sent)
    sent += waiting.length
    const sendNext = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { kind, what, token } = next.mutant
        const answer = await summaryOf(await open(demo, token))
        const isCutOff = answer.startsWith('431') && encodeURIComponent(token).length > LONG_TOKEN
        if (answer !== `400 ${next.code}` && !isCutOff)
          failures.push(
            `${kind}: ${what}: ${answer} instead of 400 ${next.code}: ${token.slice(0, LONG_TOKEN)}`,
          )
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, sendNext))
  }
  const passed = sent - failures.length
  const calls = (await tenant.ledger()).length - asked
  if (calls > 0) failures.push(`the tenant was called ${calls} times`)
  const [one] = fc.sample(
    genuine(worldNow(demo)).filter(({ door }) => door === 'link'),
    { seed, numRuns: 1 },
  )
  const { status } = await open(demo, one ? tokenOf(one) : '')
  if (status !== 303) failures.push(`a genuine token got ${status} afterwards`)
  return { passed, failures }
}

const worldNow = ({ env }: FlowDemo) => worldOf(env, Math.floor(Date.now() / 1000))

/** The code with which a token is refused, if it is refused now and for as long as sending it may take. */
function codeOf(world: TokenWorld, { token }: Mutant): string | undefined {
  const [now, later] = [0, CHUNK_SECONDS].map((time) => {
    const { outcome } = expectedVerdict({ ...world, now: world.now + time }, 'link', token)
    return { bad: 'bad_token', bad_token: 'bad_token', clock: 'clock', expired: 'expired' }[outcome]
  })
  return now === later ? now : undefined
}

function open(demo: FlowDemo, token: string): Promise<Response> {
  const query = new URLSearchParams({ session_token: token, state: LOGIN.state })
  return fetch(`${demo.app}/link?${query}`, { redirect: 'manual' })
}

/** Status and code of an answer, and everything that a refusal should not have. */
async function summaryOf(response: Response): Promise<string> {
  const code = /<main[^>]* data-error="(\w+)"/.exec(await response.text())?.[1]
  const more = ['location', 'set-cookie'].filter((name) => response.headers.has(name))
  return [response.status, code, ...more].join(' ')
}
