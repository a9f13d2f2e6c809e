import { createServer, type Server } from 'node:net'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort, parseOptions } from '@/scripts/lib/options.mjs'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function takenPort(): Promise<number> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('parseOptions', () => {
  it('has default ports, marked as not asked for', () => {
    expect(parseOptions([], {})).toEqual({
      appHost: 'localhost',
      appPort: { value: 3000, asked: false },
      tenantPort: { value: 4400, asked: false },
      tenantTlsPort: { value: 4401, asked: false },
      otherPort: { value: 4402, asked: false },
      smtpPort: { value: 4425, asked: false },
      appTls: false,
      tenantTlsLogin: false,
      hasExample: false,
      actions: [],
      secretsFile: undefined,
      worldFile: undefined,
    })
  })

  it('prefers flags to variables', () => {
    const options = parseOptions(
      ['--tenant-port', '5000', '--action', 'a.js', '--action', 'b.js', '--secrets', 's.json'],
      {
        TENANT_PORT: '6000',
        OTHER_PORT: '6002',
        TENANT_ACTION: 'c.js',
        TENANT_WORLD: 'world.json',
      },
    )
    expect(options).toMatchObject({
      tenantPort: { value: 5000, asked: true },
      otherPort: { value: 6002, asked: true },
      actions: [resolve('a.js'), resolve('b.js')],
      secretsFile: resolve('s.json'),
      worldFile: resolve('world.json'),
    })
  })

  it.each<[string, string[], Record<string, string>, object]>([
    ['by flag', ['--app-tls', '--tenant-tls-login'], {}, { appTls: true, tenantTlsLogin: true }],
    ['by variable', [], { APP_TLS: '1' }, { appTls: true, tenantTlsLogin: false }],
    ['not by another value', [], { TENANT_TLS_LOGIN: '0' }, { appTls: false, tenantTlsLogin: false }],
  ])('turns TLS on %s', (_how, flags, variables, expected) => {
    expect(parseOptions(flags, variables)).toMatchObject(expected)
  })

  it.each(['x', '-1', '65536', '1.5'])('refuses %s as a port', (value) => {
    expect(() => parseOptions([`--tenant-port=${value}`], {})).toThrow('TENANT_PORT')
  })

  it('refuses an unknown flag', () => {
    expect(() => parseOptions(['--tenant-prot', '1'], {})).toThrow('tenant-prot')
  })
})

describe('freePort', () => {
  it('moves from a taken port that was not asked for', async () => {
    const taken = await takenPort()
    const port = await freePort(taken, false)
    expect(port).toBeGreaterThan(0)
    expect(port).not.toBe(taken)
  })

  it('refuses a taken port that was asked for, and names it', async () => {
    const taken = await takenPort()
    await expect(freePort(taken, true)).rejects.toThrow(String(taken))
  })
})
