import { beforeAll, beforeEach } from 'vitest'
import { Flow } from './flow'
import { type FlowDemoOptions, startFlowDemo } from './flow-demo'

/** A flow with a demo of its own, for what the shared one cannot be; started for one test file. */
export interface OwnFlow {
  /** Set once the demo runs, so within tests only. */
  flow: Flow
  /** What the application printed so far. */
  output: () => string
}

/** Starts a demo for the tests around it, resets its tenant before each of them, and ends it after them. */
export function ownDemo(options: FlowDemoOptions): OwnFlow {
  const own: Partial<OwnFlow> = {}
  beforeAll(async () => {
    const demo = await startFlowDemo(options)
    Object.assign(own, { flow: new Flow(demo), output: demo.output })
    return demo.close
  })
  beforeEach(() => own.flow?.tenant.reset())
  return own as OwnFlow
}
