import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { readEnvironment } from '@/operator/shared/environment'

const folder = mkdtempSync(join(tmpdir(), 'account-linking-environment-'))
const file = join(folder, 'one.env')
writeFileSync(join(folder, '.env'), 'BRAND_NAME=Base\nSUPPORT_URL=https://$BRAND_NAME.example.com\n')
writeFileSync(join(folder, '.env.local'), 'BRAND_NAME=Local\n')
writeFileSync(file, 'BRAND_NAME=One\nBRAND_COLOR=\n')
const before = { ...process.env }

afterEach(() => {
  vi.unstubAllEnvs()
})
afterAll(() => {
  for (const name of ['BRAND_NAME', 'SUPPORT_URL']) if (!(name in before)) delete process.env[name]
  rmSync(folder, { recursive: true })
})

describe('readEnvironment', () => {
  it('reads one file without its empty values; variables of the process take precedence', () => {
    expect(readEnvironment(folder, file).BRAND_NAME).toBe('One')
    expect(readEnvironment(folder, file)).not.toHaveProperty('BRAND_COLOR')
    vi.stubEnv('BRAND_NAME', 'Mine')
    expect(readEnvironment(folder, file).BRAND_NAME).toBe('Mine')
  })

  it('reads what next start would: .env.local before .env, with variables expanded', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(readEnvironment(folder, undefined)).toMatchObject({
      BRAND_NAME: 'Local',
      SUPPORT_URL: 'https://Local.example.com',
    })
  })
})
