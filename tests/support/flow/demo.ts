/**
 * Demos for flow tests: the application, and a local tenant that runs the built Action and another company's application.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { startApp } from '../../../scripts/lib/app-process.mjs'
import { type Demo, startDemo } from '../../../scripts/lib/demo-world.mjs'
import { trust } from '../browser/trust'

/** The parts of a running demo that flow tests need. */
export type FlowDemo = Pick<Demo, 'app' | 'tenant' | 'tls' | 'other' | 'ca' | 'certificate' | 'env'>

/** How a demo differs from the usual one. */
export interface FlowDemoOptions {
  /** Whether browsers reach application and tenant without TLS, for tests that depend on the scheme or on cookie names. */
  isPlain?: boolean
  /** Whether the application sends mails, to the tenant's sink. A mail costs calls to the tenant, which most tests count. */
  hasMails?: boolean
  /** Whether the tenant reports changed users to the application. It then calls the tenant, and most tests count calls. */
  hasEventStream?: boolean
  /** Variables to add to the application's environment. */
  env?: Record<string, string>
  /** Secrets to add to the Actions. */
  secrets?: Record<string, string>
  /** The world that the tenant starts with, instead of the demo's. */
  world?: object
  /** Paths of the Actions to run instead of the built one. */
  actions?: string[]
  /** Starts the program that listens on the application's port; by default one process of the application. */
  start?: typeof startApp
}

const FREE = { value: 0, asked: false }

/** Starts a demo on free ports. */
export async function startFlowDemo(options: FlowDemoOptions = {}): Promise<Demo> {
  const {
    isPlain = false,
    hasMails = false,
    hasEventStream = false,
    env,
    secrets,
    world,
    actions = [],
    start,
  } = options
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-flow-'))
  const secretsFile = join(folder, 'secrets.json')
  writeFileSync(secretsFile, JSON.stringify(secrets ?? {}))
  const worldFile = world && join(folder, 'world.json')
  if (worldFile) writeFileSync(worldFile, JSON.stringify(world))
  try {
    const demo = await startDemo({
      appHost: 'localhost',
      appTls: !isPlain,
      tenantTlsLogin: !isPlain,
      appPort: FREE,
      tenantPort: FREE,
      tenantTlsPort: FREE,
      otherPort: FREE,
      actions,
      secretsFile,
      worldFile,
      hasEventStream,
      env: { ...(hasMails ? {} : { SMTP_URL: '', MAIL_FROM: '' }), ...env },
      ...(start && { start }),
    })
    trust(demo.ca)
    return demo
  } finally {
    rmSync(folder, { recursive: true })
  }
}
