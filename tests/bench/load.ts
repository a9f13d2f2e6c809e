import autocannon from 'autocannon'

const CONNECTIONS = 10
/** Seconds that a server is under load, each time. */
export const LOAD_SECONDS = 3

/** What is asked for. */
export interface Asked {
  path: string
  headers?: Record<string, string>
}

/**
 * How many requests a server answers in a second when it is asked for as many as it can answer.
 *
 * @param asked - Asked for one after the other, and again from the first.
 * @throws {Error} Where answers are not what they should be: speed of a refusal is no speed.
 */
export async function requestsPerSecond(origin: string, asked: Asked[], status: number): Promise<number> {
  const { requests } = await load(origin, asked, status, { duration: LOAD_SECONDS })
  return requests.average
}

/** What has to be there beyond what is asked for: each connection prepares one request more than it sends. */
export const SPARE = CONNECTIONS

/**
 * Asks a server once for each, but for the last {@link SPARE}.
 *
 * @throws {Error} Where an answer is not what it should be.
 */
export async function ask(origin: string, asked: Asked[], status: number): Promise<void> {
  await load(origin, asked, status, { amount: asked.length - SPARE })
}

async function load(
  origin: string,
  asked: Asked[],
  status: number,
  length: { duration: number } | { amount: number },
): Promise<autocannon.Result> {
  let next = 0
  const result = await autocannon({
    url: origin,
    connections: 'amount' in length ? Math.min(CONNECTIONS, length.amount) : CONNECTIONS,
    ...length,
    requests: [{ setupRequest: (request) => ({ ...request, ...asked[next++ % asked.length] }) }],
  })
  const others = Object.keys(result.statusCodeStats ?? {}).filter((code) => code !== String(status))
  if (others.length > 0) throw new Error(`${origin} answers ${others} instead of ${status}`)
  return result
}
