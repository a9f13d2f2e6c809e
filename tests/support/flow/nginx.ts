/**
 * nginx for tests: a real server on a given port, configured as in `docs/nginx.conf`.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureNginx, findNginx } from '../../../scripts/lib/nginx.mjs'
import { ROOT } from '../../../scripts/lib/paths.mjs'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'

/** A running proxy. */
export interface TestNginx {
  /** Returns the access log so far. */
  accessLog: () => string
  /** Stops the proxy and frees its port. */
  stop: () => Promise<void>
}

/** Ports and behaviour of a proxy. */
export interface NginxOptions {
  /** The port of the proxy, on both loopback addresses. */
  port: number
  /** Ports of the application's instances, used in turn. */
  instances: number[]
  /** Whether the proxy caches every response that allows it, even with cookies, and reports in `x-cache` what it did. */
  isCaching?: boolean
  /** Whether the buffers for headers have nginx's small default sizes, instead of the recommended ones. */
  hasUsualBuffers?: boolean
  /** Key and certificate (PEM), to serve the port over TLS, as the recommended configuration does. */
  tls?: { key: string; cert: string }
}

/** Longest wait until nginx accepts connections, in milliseconds. */
const START_TIMEOUT_MS = 5_000

/** Starts nginx. */
export async function startNginx(options: NginxOptions): Promise<TestNginx> {
  await ensureNginx()
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-nginx-'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, options))
  const server = spawnOwned(findNginx() ?? '', ['-p', folder, '-e', 'stderr', '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  server.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise((resolve) => server.once('close', resolve))
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await isListening(options.port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`nginx did not start:\n${errors}`)
    }
    await sleep(20)
  }
  return { accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'), stop }
}

/** The recommended configuration with the values for this machine. */
function configuration(folder: string, options: NginxOptions): string {
  const { port, instances, isCaching = false, hasUsualBuffers = false, tls } = options
  const ssl = tls ? ' ssl' : ''
  const site = [
    [
      /( {2}server 10\.0\.0\.\d+:3000 max_fails=3;\n)+/,
      instances.map((each) => `  server 127.0.0.1:${each} max_fails=3;\n`).join(''),
    ],
    [/ {2}listen 443 ssl;\n/, `  listen 127.0.0.1:${port}${ssl};\n  listen [::1]:${port}${ssl};\n`],
    [/ {2}server_name .*\n/, '  server_name localhost;\n'],
    [/ {2}ssl_certificate .*\n {2}ssl_certificate_key .*\n/, tls ? writeCertificate(folder, tls) : ''],
    [/access_log \S+/, `access_log ${folder}/access.log`],
    // Requests at once on a busy machine may take longer than the configuration allows.
    [/proxy_read_timeout \S+/, 'proxy_read_timeout 60s;'],
    ...(isCaching ? [[/ {4}proxy_cache off;\n/, CACHING] as const] : []),
    ...(hasUsualBuffers ? BUFFERS.map((line) => [line, ''] as const) : []),
  ].reduce(
    (text, [part, replacement]) => replaced(text, part as RegExp, replacement as string),
    recommended(),
  )
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    # One process, so that its end is the end of all of it, and instances take turns exactly.
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr;
    events { worker_connections 2048; }
    http {
      ${folders.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
      ${isCaching ? `proxy_cache_path ${folder}/cache keys_zone=shared:1m;` : ''}
      ${site}
    }`
}

/** Writes key and certificate to files, and returns the lines of configuration that name them. */
function writeCertificate(folder: string, { key, cert }: { key: string; cert: string }): string {
  writeFileSync(join(folder, 'site.key'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'site.pem'), cert)
  return `  ssl_certificate ${folder}/site.pem;\n  ssl_certificate_key ${folder}/site.key;\n`
}

/** Settings of buffers. Without them nginx accepts header lines of 8 kB, and 4 kB of response headers. */
const BUFFERS = [
  / {2}large_client_header_buffers .*\n/,
  / {4}proxy_buffer_size .*\n/,
  / {4}proxy_buffers .*\n/,
]

/** A cache that obeys only `Cache-Control`. It keeps responses without that header for a minute. */
const CACHING = `
    proxy_cache shared;
    proxy_cache_key $scheme$http_host$request_uri;
    proxy_cache_valid any 1m;
    proxy_ignore_headers Set-Cookie Vary;
    add_header X-Cache $upstream_cache_status always;
`

const recommended = () => readFileSync(join(ROOT, 'docs', 'nginx.conf'), 'utf8')

function replaced(text: string, part: RegExp, replacement: string): string {
  if (!part.test(text)) throw new Error(`docs/nginx.conf does not contain ${part}`)
  return text.replace(part, () => replacement)
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
