/**
 * Certificates for the servers on this machine that use TLS.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** Key and certificate of a TLS listener, and the CA file that clients trust. */
export interface Certificates {
  /** PEM. */
  key: string
  /** PEM. */
  cert: string
  /** Absolute path of the CA's certificate. */
  caFile: string
  /** Removes the CA file, unless the caller chose its path. */
  remove(): Promise<void>
}

/**
 * Creates a new certificate authority (CA), and a certificate from it for the loopback names.
 *
 * @param appHost - Host of the linking service. The certificate is valid for this host too.
 * @param caFile - Path to write the CA's certificate to; in a new temporary directory by default.
 */
export async function createCertificates(appHost: string, caFile?: string): Promise<Certificates> {
  const common = { algorithm: 'sha256', keyType: 'ec', curve: 'P-256' } as const
  // The name is unique, because a client that trusts two authorities of the same name may check a certificate against the
  // wrong one.
  const ca = await generate([{ name: 'commonName', value: `Local tenant CA ${randomUUID()}` }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
          isIP(appHost) ? { type: 7, ip: appHost } : { type: 2, value: appHost },
        ],
      },
    ],
  })
  const directory = caFile === undefined ? await mkdtemp(join(tmpdir(), 'tenant-ca-')) : undefined
  const file = caFile ?? join(directory ?? tmpdir(), 'ca.pem')
  await writeFile(file, ca.cert)
  return {
    key: server.private,
    cert: server.cert,
    caFile: file,
    remove: async () => {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}
