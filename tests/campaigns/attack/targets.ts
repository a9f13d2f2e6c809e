/**
 * The instances of application and tenant that the cases attack.
 * @module
 */
import { startBehindProxy } from '../../support/flow/behind-proxy'
import { type FlowDemo, startFlowDemo } from '../../support/flow/demo'
import { Flow } from '../../support/flow/flow'
import { AttackedAction } from './action'
import type { RunnableCase } from './corpus'

/** An application and its tenant. */
export interface Target {
  flow: Flow
  /** Undefined if another process started the demo. */
  action?: AttackedAction
  output: () => string
  /** Ids of the application's processes; empty if another process started them. */
  pids: () => number[]
  close: () => Promise<void>
}

/**
 * The instances for the cases of a group: one for most, and separate ones for cases that need them. Each is started
 * once.
 */
export class Targets {
  private readonly known = new Map<string, Promise<Target>>()

  /** @param running - A demo that another process started. */
  constructor(private readonly running?: FlowDemo) {}

  /** The instance for a case. */
  of({ env, event, behind }: RunnableCase): Promise<Target> {
    // We cannot change the Action of a demo that another process started, so a case with an `event` gets another instance.
    const key = JSON.stringify([env, behind, Boolean(event && this.running)])
    const isUsual = this.running && key === JSON.stringify([undefined, undefined, false])
    const known = this.known.get(key) ?? (isUsual ? ofOthers(this.running) : start(env, behind))
    this.known.set(key, known)
    return known
  }

  /** Ends the instances that were started here. */
  async close(): Promise<void> {
    for (const target of this.known.values()) await (await target.catch(() => undefined))?.close()
  }
}

async function ofOthers(running: FlowDemo): Promise<Target> {
  return { flow: new Flow(running), output: () => '', pids: () => [], close: async () => undefined }
}

async function start(env: RunnableCase['env'], behind: RunnableCase['behind']): Promise<Target> {
  const action = new AttackedAction()
  const options = { ...(env && { env }), actions: [action.file] }
  const { output, pids, close, ...demo } = await (behind ? startBehindProxy(options) : startFlowDemo(options))
  return {
    flow: new Flow(demo),
    action,
    output,
    pids,
    close: async () => {
      await close()
      action.close()
    },
  }
}
