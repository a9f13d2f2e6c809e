import autocannon from 'autocannon'

const CONNECTIONS = 10
/** The duration of each load, in seconds. */
export const LOAD_SECONDS = 3

/** A request to make. */
export interface Asked {
  path: string
  headers?: Record<string, string>
}

/**
 * The number of requests that a server answers in a second under full load.
 *
 * @param asked - Requests to make one after the other, and then again from the first.
 * @throws {Error} If an answer has another status, because fast refusals would raise the number.
 */
export async function requestsPerSecond(origin: string, asked: Asked[], status: number): Promise<number> {
  const { requests } = await load(origin, asked, status, { duration: LOAD_SECONDS })
  return requests.average
}

/** How many requests to prepare beyond those that count, because each connection prepares one more than it sends. */
export const SPARE = CONNECTIONS

/**
 * Makes each request once, except the last {@link SPARE}.
 *
 * @throws {Error} If an answer has another status.
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
