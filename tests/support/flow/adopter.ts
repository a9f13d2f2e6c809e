/**
 * A stand-in for an application that moves its own data to the primary account (adoption): it receives the signed steps
 * `prepare`, `commit` and `abandon`, and responds as a test says.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { AdoptionData } from '@/core'

/** A received step whose signature was verified. */
export interface TakenStep {
  id: string
  step: string
  data: AdoptionData & { expires_at?: string }
}

/** How to respond to a step: with a status, by closing the connection, or with 200 after some milliseconds. */
export type Behavior = number | 'hang up' | { afterMs: number }

/** A running receiver of adoptions. */
export interface Adopter {
  url: string
  secret: string
  /** The steps received since {@link Adopter.reset}, oldest first. */
  steps: TakenStep[]
  /** How to respond to steps, by their name: always the same, or a list that is used up in order. By default 200. */
  answers: Record<string, Behavior | Behavior[]>
  reset(): void
  close(): void
}

/** Starts a receiver of adoptions. */
export async function startAdopter(): Promise<Adopter> {
  const secret = `whsec_${Buffer.from('the key of the adopting application').toString('base64')}`
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const adopter: Adopter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/adoptions`,
    secret,
    steps: [],
    answers: {},
    reset() {
      adopter.steps.length = 0
      adopter.answers = {}
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = request.headers as Record<string, string>
    const { type, data } = new Webhook(secret).verify(Buffer.concat(chunks).toString(), headers) as {
      type: string
      data: TakenStep['data']
    }
    const step = type.replace('account.adoption.', '')
    adopter.steps.push({ id: headers['webhook-id'] ?? '', step, data })
    const said = adopter.answers[step]
    const answer = (Array.isArray(said) ? said.shift() : said) ?? 200
    if (answer === 'hang up') request.socket.destroy()
    else if (typeof answer === 'number') response.writeHead(answer).end()
    else setTimeout(() => response.writeHead(200).end(), answer.afterMs)
  }
  return adopter
}
