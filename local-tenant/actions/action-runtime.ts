/**
 * Runs post-login Actions in a separate child process.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import {
  type ActionResult,
  type ActionRun,
  type ClearCache,
  noEffects,
  type PrimaryUserCalled,
} from './action-protocol'

interface PendingRun {
  child: ChildProcess
  resolve: (result: ActionResult) => void
  onPrimaryUser: (userId: string) => void
}

/** How long all Actions of one execution of the trigger may take together. */
const TIME_LIMIT_MS = 20_000

/**
 * Runs Actions in one long-lived child process. If an Action takes too long, the runtime kills the process, and the next run
 * starts a new one.
 */
export class ActionRuntime {
  #child: ChildProcess | undefined
  #runs = new Map<number, PendingRun>()
  #count = 0

  /**
   * @param worker - Absolute path of the built `action-worker.js`.
   * @param caFile - Absolute path of the CA certificate that Actions trust.
   * @param timeLimit - How long all Actions of one execution of the trigger may take together, in milliseconds.
   */
  constructor(
    private readonly worker: string,
    private readonly caFile: string,
    private readonly timeLimit = TIME_LIMIT_MS,
  ) {}

  /**
   * Runs one handler of one Action. Never rejects: if anything goes wrong, the result has an `error`.
   *
   * @param input - The handler to run, its `event`, and what `api.redirect` needs.
   * @param startedAt - When this execution of the trigger began, in milliseconds since the epoch. The time limit counts from
   *   then.
   * @param onPrimaryUser - Called when the Action calls `setPrimaryUser`, while the handler still runs: after the Management
   *   API requests that the Action sent before, and before its later ones.
   */
  async run(
    input: Omit<ActionRun, 'type' | 'id'>,
    startedAt: number,
    onPrimaryUser: (userId: string) => void,
  ): Promise<ActionResult> {
    const id = ++this.#count
    const child = this.#running()
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve) => {
        this.#runs.set(id, { child, resolve, onPrimaryUser })
        timer = setTimeout(
          () => {
            resolve(failed(id, `The Actions took longer than ${this.timeLimit / 1000} seconds.`))
            if (this.#child === child) this.#child = undefined
            child.kill('SIGKILL')
          },
          startedAt + this.timeLimit - Date.now(),
        )
        child.send({ type: 'run', id, ...input } satisfies ActionRun)
      })
    } finally {
      clearTimeout(timer)
      this.#runs.delete(id)
    }
  }

  /** Clears `api.cache`. */
  clearCache(): void {
    if (this.#child?.connected) this.#child.send({ type: 'clear_cache' } satisfies ClearCache)
  }

  /** Ends the child process. */
  close(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #running(): ChildProcess {
    if (this.#child?.connected) return this.#child
    const child = fork(this.worker, {
      // Actions do not get the environment variables of the shell that started the tenant.
      env: { NODE_ENV: 'production', PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: this.caFile },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (message: ActionResult | PrimaryUserCalled) => {
      const run = this.#runs.get(message.id)
      if (message.type === 'result') run?.resolve(message)
      else run?.onPrimaryUser(message.userId)
    })
    child.on('exit', () => {
      if (this.#child === child) this.#child = undefined
      for (const [id, run] of this.#runs) {
        if (run.child === child) run.resolve(failed(id, 'The process of the Action ended.'))
      }
    })
    this.#child = child
    return child
  }
}

const failed = (id: number, error: string): ActionResult => ({
  type: 'result',
  id,
  logs: [],
  error,
  effects: noEffects(),
})
