/** Where the parts of the demo are. */
export interface DemoAddresses {
  /** The other application, where the tour starts. */
  other: string
  /** The local tenant, whose inspector shows before and after. */
  tenant: string
}

/**
 * The addresses the demo command hands over, or undefined where this is no demo. Read when asked, not when built:
 * ports are chosen at start.
 */
export function demoAddresses(): DemoAddresses | undefined {
  const { DEMO, DEMO_OTHER_URL: other, DEMO_TENANT_URL: tenant } = process.env
  return DEMO === '1' && other && tenant ? { other, tenant } : undefined
}
