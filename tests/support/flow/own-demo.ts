import { beforeAll, beforeEach } from 'vitest'
import { type FlowDemoOptions, startFlowDemo } from './demo'
import { Flow } from './flow'

/** A {@link Flow} with its own demo, for tests that cannot use the shared one. */
export interface OwnFlow {
  /** Undefined until the demo runs, so use it only inside tests and hooks. */
  flow: Flow
  /** Returns the application's output so far. */
  output: () => string
}

/** Starts a demo for the surrounding tests, resets its tenant before each test, and stops it after the last one. */
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
