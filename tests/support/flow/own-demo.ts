import { beforeAll, beforeEach } from 'vitest'
import { type FlowDemoOptions, startFlowDemo } from './demo'
import { Flow } from './flow'

/** A flow with its own demo, for tests that cannot use the shared one. Started for one test file. */
export interface OwnFlow {
  /** Set when the demo runs, so use it only within tests. */
  flow: Flow
  /** What the application printed so far. */
  output: () => string
}

/** Starts a demo for the surrounding tests, resets its tenant before each of them, and ends it after them. */
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
