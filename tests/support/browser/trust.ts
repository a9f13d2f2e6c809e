/**
 * Trusts a certificate authority that was created after this process started. Node.js reads `NODE_EXTRA_CA_CERTS` only when
 * it starts.
 * @module
 */
import { readFileSync } from 'node:fs'
import tls, { type SecureContextOptions } from 'node:tls'

const trusted = new Map<string, string>()
const createSecureContext = tls.createSecureContext

/**
 * Makes `fetch`, and all other code in this process that opens TLS connections, trust an authority.
 *
 * @param caFile - Path of the authority's certificate (PEM).
 */
export function trust(caFile: string): void {
  if (trusted.has(caFile)) return
  trusted.set(caFile, readFileSync(caFile, 'utf8'))
  tls.createSecureContext = (options?: SecureContextOptions) => {
    const context = createSecureContext(options)
    // The native context accepts additional certificates; the usual ones stay.
    const native = context.context as { addCACert(certificate: string): void }
    for (const certificate of trusted.values()) native.addCACert(certificate)
    return context
  }
}
