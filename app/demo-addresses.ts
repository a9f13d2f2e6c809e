/** The addresses of the parts of the demo. */
export interface DemoAddresses {
  /** The other application, where the tour starts. */
  other: string
  /** The local tenant, whose inspector shows before and after. */
  tenant: string
}

/**
 * The addresses that the demo command sets, or undefined if this is not the demo. Read at run time, not at build time: ports are
 * chosen at start.
 */
export function demoAddresses(): DemoAddresses | undefined {
  const { DEMO, DEMO_OTHER_URL: other, DEMO_TENANT_URL: tenant } = process.env
  return DEMO === '1' && other && tenant ? { other, tenant } : undefined
}
