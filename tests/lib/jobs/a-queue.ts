/**
 * A webhook over HTTP and a view of the queue, for tests of background work with a real Redis.
 * @module
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@redis/client'
import { Queue } from 'bullmq'
import { afterAll } from 'vitest'
import { WORK_QUEUE } from '@/lib/jobs/queue'
import { startRedis } from '../../support/flow/redis'

/** A request that the webhook received. */
export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** A webhook whose responses `answer` determines. */
export interface HttpWebhook {
  url: string
  received: Received[]
  answer: (response: ServerResponse, count: number) => void
  close(): void
}

/** Starts a webhook that accepts everything until `answer` is replaced. */
async function startWebhook(): Promise<HttpWebhook> {
  const webhook: HttpWebhook = {
    url: '',
    received: [],
    answer: (response) => void response.writeHead(204).end(),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    webhook.received.push({ headers: request.headers, body })
    webhook.answer(response, webhook.received.length)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  webhook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return webhook
}

/** Starts Redis and a webhook, and opens the queue, until the tests of this file are over. */
export async function aQueue() {
  const redis = await startRedis()
  const webhook = await startWebhook()
  const look = await lookAtQueue(redis.url)
  afterAll(async () => {
    await look.close()
    webhook.close()
    await redis.stop()
  })
  return { redis, webhook, look }
}

/** Opens the queue as an operator's own tool would. */
async function lookAtQueue(url: string) {
  const connection = createClient({ url })
  const queue = new Queue(WORK_QUEUE.name, { connection, prefix: WORK_QUEUE.prefix, skipVersionCheck: true })
  queue.on('error', () => undefined)
  await queue.waitUntilReady()
  return {
    queue,
    connection,
    counts: () => queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed'),
    async close() {
      await queue.close()
      if (connection.isOpen) connection.destroy()
    },
  }
}
