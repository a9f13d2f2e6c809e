import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { STEPS } from './adopt.js'
import { openDatabase, transaction } from './database.js'

const db = openDatabase(process.env.DATABASE ?? 'things.db')
const webhook = new Webhook(process.env.ADOPTION_SECRET)

/** Returns the step, or undefined if its signature is wrong or more than five minutes old. */
function verify(body, headers) {
  try {
    return webhook.verify(body, headers)
  } catch {
    return undefined
  }
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const step = verify(body, request.headers)
  try {
    response.writeHead(step ? transaction(db, () => STEPS[step.type]?.(db, step.data) ?? 204) : 401).end()
  } catch (error) {
    // After a 500, the sender repeats the step, or does not make the link.
    console.error(error)
    response.writeHead(500).end()
  }
})
server.listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () =>
  console.log('ready', server.address().port),
)
