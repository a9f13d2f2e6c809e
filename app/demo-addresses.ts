/** The URLs of the demo's parts. */
export interface DemoAddresses {
  /** The other application, in which the tour starts. */
  other: string
  /** The local tenant. Its inspector shows users before and after a link. */
  tenant: string
}

/**
 * The URLs that the demo command sets; undefined if this is not the demo. They are read at run time, because the ports are chosen
 * when the demo starts.
 */
export function demoAddresses(): DemoAddresses | undefined {
  const { DEMO, DEMO_OTHER_URL: other, DEMO_TENANT_URL: tenant } = process.env
  return DEMO === '1' && other && tenant ? { other, tenant } : undefined
}
