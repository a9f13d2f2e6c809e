import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../scripts/lib/paths.mjs'
import { isIgnored } from './support/operator/ignored-files'

/** Files that hold secrets of the service: every file that Next.js or our commands read or write for an environment. */
const WITH_SECRETS = [
  '.env',
  '.env.local',
  '.env.production',
  '.env.production.local',
  '.env.development.local',
  '.env.staging',
  '.env.local.4711',
  '.env-of-mine',
  'deploy/.env.production',
  'account-linking.env',
  'deploy/prod.env.4711',
]

describe('.gitignore', () => {
  it.each(WITH_SECRETS)('keeps %s out of git', (file) => {
    expect(isIgnored(file)).toBe(true)
  })

  it('does not ignore the example', () => {
    expect(isIgnored('.env.example')).toBe(false)
  })
})

describe('.dockerignore', () => {
  it('keeps the same files out of an image', () => {
    const patterns = readFileSync(`${ROOT}/.dockerignore`, 'utf8').split('\n')
    expect(patterns).toEqual(
      expect.arrayContaining(['.env*', '**/.env*', '**/*.env', '**/*.env.*', '!.env.example']),
    )
  })
})
