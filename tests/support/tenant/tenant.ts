/**
 * A local tenant for tests.
 * @module
 */
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { buildTenant } from '@/local-tenant/build.mjs'
import { type RunningTenant, type StartOptions, startTenant } from '@/local-tenant/start'
import { ROOT } from '../../../scripts/lib/paths.mjs'

/**
 * Starts a tenant on free ports, by default without Actions, and stops it after the test file.
 *
 * @param options - Options that differ from the defaults.
 */
export async function aTenant(options: Partial<StartOptions> = {}): Promise<RunningTenant> {
  await buildTenant()
  const tenant = await startTenant({
    appHost: 'localhost',
    appPort: 3000,
    tenantPort: 0,
    tenantTlsPort: 0,
    otherPort: 0,
    actions: [],
    ...options,
  })
  afterAll(() => tenant.close())
  return tenant
}

/**
 * The path of an Action fixture.
 *
 * @param name - Name of a file in `tests/fixtures/actions`, without its extension.
 */
export function actionFixture(name: string): string {
  return join(ROOT, 'tests', 'fixtures', 'actions', `${name}.cjs`)
}
