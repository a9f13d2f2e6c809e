import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Asked } from './load'

/** When an answer was due and when it arrived, in milliseconds since the epoch. */
export type Wait = [due: number, answered: number]

/** How long answers took, in milliseconds. */
export interface Latency {
  median: number
  /** 99 of a hundred took at most this long. */
  p99: number
}

/**
 * Makes requests at an even pace, whether or not earlier ones were answered. Time counts from when a request was due,
 * so a request that a standstill delayed has waited too.
 *
 * @param rate - Requests a second.
 * @param seconds - Duration.
 */
export async function steadily(
  origin: string,
  asked: Asked[],
  rate: number,
  seconds: number,
): Promise<Wait[]> {
  const agent = new Agent({ keepAlive: true })
  const start = now()
  const waits: Promise<Wait>[] = []
  for (let index = 0; index < rate * seconds; index += 1) {
    const due = start + (index * 1000) / rate
    // A timer is a millisecond late, so requests go out in twos and threes; their due times stay exact.
    if (due > now()) await sleep(due - now())
    waits.push(ask(`${origin}${asked[index % asked.length]?.path}`, agent).then(() => [due, now()]))
  }
  const all = await Promise.all(waits)
  agent.destroy()
  return all
}

/** Median and 99th percentile of the waits. */
export function latencyOf(waits: Wait[]): Latency {
  const times = waits.map(([due, answered]) => answered - due).sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { median: at(0.5), p99: at(0.99) }
}

// Both ends of a wait come from a monotonic clock, expressed as dates so that another process can compare them.
const now = () => performance.timeOrigin + performance.now()

function ask(address: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(address, { agent }, (response) => {
      response.resume()
      response.once('end', resolve)
    }).once('error', reject)
  })
}
