/**
 * The child process that runs Actions. The tenant sets `NODE_EXTRA_CA_CERTS` for it, so that Actions trust the tenant's
 * certificate. The modules of an Action stay loaded as long as the process lives, as they may at Auth0.
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { format } from 'node:util'
import { compileFunction, constants } from 'node:vm'
import { postLoginApi } from './action-api'
import { ActionCache } from './action-cache'
import {
  type ActionEffects,
  type ActionResult,
  type ActionRun,
  type ClearCache,
  noEffects,
  type PrimaryUserCalled,
} from './action-protocol'

type Handlers = Record<string, ((event: object, api: object) => unknown) | undefined>

const MAX_CODE_BYTES = 100_000

const cache = new ActionCache()
const loaded = new Map<string, { modified: number; handlers: Handlers }>()
const logsOfRun = new AsyncLocalStorage<string[]>()

const log = (...values: unknown[]) => void logsOfRun.getStore()?.push(format(...values))
const actionConsole = { ...console, log, info: log, warn: log, error: log, debug: log }

process.on('message', (message: ActionRun | ClearCache) => {
  if (message.type === 'clear_cache') cache.clear()
  else void run(message).then(send)
})
process.on('disconnect', () => process.exit())
// This process also runs the Actions of other logins, so it must not end if a promise rejects that an Action does not await.
process.on('unhandledRejection', (reason) => log('Unhandled rejection:', reason))

async function run(message: ActionRun): Promise<ActionResult> {
  const effects = noEffects()
  const logs: string[] = []
  const result: ActionResult = { type: 'result', id: message.id, effects, logs }
  try {
    const api = postLoginApi(message, effects, cache, (userId) =>
      send({ type: 'primary_user', id: message.id, userId }),
    )
    await logsOfRun.run(logs, async () => load(message)[message.handler]?.(message.event, api))
  } catch (error) {
    result.error = error instanceof Error ? error.message : String(error)
  }
  effects.transactionMetadata = (
    message.event.transaction as { metadata: ActionEffects['transactionMetadata'] }
  ).metadata
  return result
}

/** Loads an Action as CommonJS, even if its package uses ES modules. Loads it again if its file has changed. */
function load({ file, code: deployed }: ActionRun): Handlers {
  const modified = deployed === undefined ? statSync(file).mtimeMs : 0
  const known = loaded.get(file)
  if (known?.modified === modified) return known.handlers

  const code = deployed ?? readFileSync(file, 'utf8')
  if (Buffer.byteLength(code) > MAX_CODE_BYTES) {
    throw new Error(`The code of the Action ${file} is larger than 100 kB.`)
  }
  const module = { exports: {} as Handlers }
  const wrapper = compileFunction(
    code,
    ['exports', 'require', 'module', '__filename', '__dirname', 'console'],
    {
      filename: file,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  )
  wrapper.call(
    module.exports,
    module.exports,
    // Deployed code has no file, so it resolves packages as the tenant does.
    createRequire(deployed === undefined ? file : import.meta.url),
    module,
    file,
    dirname(file),
    actionConsole,
  )
  loaded.set(file, { modified, handlers: module.exports })
  return module.exports
}

function send(message: ActionResult | PrimaryUserCalled): void {
  process.send?.(message)
}
