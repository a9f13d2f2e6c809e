import type { TestProject } from 'vitest/node'
import { type FlowDemo, startFlowDemo } from './demo'

declare module 'vitest' {
  export interface ProvidedContext {
    flowDemo: FlowDemo
  }
}

/** Starts the demo that all flow tests share. The returned function stops the demo. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { app, tenant, tls, other, ca, certificate, env, close } = await startFlowDemo()
  project.provide('flowDemo', { app, tenant, tls, other, ca, certificate, env })
  return close
}
