/**
 * What is attacked.
 * @module
 */
import { Flow } from '../support/flow'
import { type FlowDemo, startFlowDemo } from '../support/flow-demo'
import { AttackedAction } from './action'
import type { RunnableCase } from './corpus'

/** An application and its tenant. */
export interface Target {
  flow: Flow
  /** None where it was started by others. */
  action?: AttackedAction
  output: () => string
  close: () => Promise<void>
}

/** The instance that the cases of a group are played against, and those of their own that some need; each is started once. */
export class Targets {
  private readonly known = new Map<string, Promise<Target>>()

  /** @param running - A demo that was started by somebody else. */
  constructor(private readonly running?: FlowDemo) {}

  /** The one that a case is played against. */
  of({ env, event }: RunnableCase): Promise<Target> {
    // The Action of a demo that others started stays as it is.
    const key = JSON.stringify(env ?? (event && this.running ? 'event' : ''))
    const known = this.known.get(key) ?? this.start(env, key === '""')
    this.known.set(key, known)
    return known
  }

  /** Ends those that were started here. */
  async close(): Promise<void> {
    for (const target of this.known.values()) await (await target.catch(() => undefined))?.close()
  }

  private async start(env: Record<string, string> | undefined, isUsual: boolean): Promise<Target> {
    if (this.running && isUsual)
      return { flow: new Flow(this.running), output: () => '', close: async () => undefined }
    const action = new AttackedAction()
    const { output, close, ...demo } = await startFlowDemo({ ...(env && { env }), actions: [action.file] })
    return {
      flow: new Flow(demo),
      action,
      output,
      close: async () => {
        await close()
        action.close()
      },
    }
  }
}
