/**
 * A demo with a deployment for many people: nginx at the application's URL, two processes of the application behind it, and
 * one Redis for both. Requests alternate between the processes, so the requests of one flow nearly always reach both.
 * @module
 */
import { startApp } from '../../../scripts/lib/app-process.mjs'
import type { Demo } from '../../../scripts/lib/demo-world.mjs'
import { freePort } from '../../../scripts/lib/options.mjs'
import { type FlowDemoOptions, startFlowDemo } from './demo'
import { type NginxOptions, startNginx, type TestNginx } from './nginx'
import { startRedis } from './redis'

/** The demo, with control over its proxy and its processes. */
export interface DemoBehindProxy extends Demo {
  /** The current proxy. */
  proxy: () => TestNginx
  /** Replaces the proxy by one with the recommended configuration and the given differences. */
  changeProxy: (unlike?: ProxyChanges) => Promise<void>
  /** Replaces both processes by new ones, as a deployment does. */
  deploy: () => Promise<void>
}

type ProxyChanges = Pick<NginxOptions, 'isCaching' | 'hasUsualBuffers'>
type Running = Awaited<ReturnType<typeof startApp>>
type StartOptions = Parameters<typeof startApp>[0]

const INSTANCES = 2

/** Starts the demo on free ports. */
export async function startBehindProxy(options: FlowDemoOptions = {}): Promise<DemoBehindProxy> {
  // Redis logs every command, because a test looks for one that an instance sends before the test begins.
  const redis = await startRedis(['--slowlog-log-slower-than', '0', '--slowlog-max-len', '10000'])
  const behind = new Behind()
  try {
    const demo = await startFlowDemo({
      ...options,
      env: { ...options.env, REDIS_URL: redis.url },
      start: (startOptions) => behind.start(startOptions),
    })
    return {
      ...demo,
      proxy: behind.proxy,
      changeProxy: behind.changeProxy,
      deploy: behind.deploy,
      close: async () => {
        await demo.close()
        await redis.stop()
      },
    }
  } catch (error) {
    await redis.stop()
    throw error
  }
}

/** The proxy at the application's URL, and the processes behind it. */
class Behind {
  readonly #instances: Running[] = []
  readonly #ports: number[] = []
  #options: StartOptions | undefined
  #nginx: TestNginx | undefined

  start = async (options: StartOptions): Promise<Running> => {
    this.#options = options
    try {
      for (let count = 0; count < INSTANCES; count += 1) this.#ports.push(await freePort(0, false))
      await this.#startInstances()
      this.#nginx = await this.#startNginx()
    } catch (error) {
      await this.close()
      throw error
    }
    return {
      pids: () => this.#instances.flatMap((running) => running.pids()),
      output: () => this.#instances.map(({ output }) => output()).join('\n'),
      close: this.close,
      kill: async () => {
        await Promise.all(this.#instances.map((running) => running.kill()))
      },
    }
  }

  proxy = (): TestNginx => {
    if (!this.#nginx) throw new Error('the proxy does not run')
    return this.#nginx
  }

  changeProxy = async (unlike?: ProxyChanges): Promise<void> => {
    await this.#nginx?.stop()
    this.#nginx = await this.#startNginx(unlike)
  }

  deploy = async (): Promise<void> => {
    await Promise.all(this.#instances.splice(0).map((running) => running.close()))
    await this.#startInstances()
  }

  close = async (): Promise<void> => {
    await Promise.all([this.#nginx?.stop(), ...this.#instances.map((running) => running.close())])
  }

  async #startInstances(): Promise<void> {
    const options = this.#startOptions()
    const start = (port: number) => startApp({ ...options, port, tls: undefined })
    this.#instances.push(...(await Promise.all(this.#ports.map(start))))
  }

  #startNginx(unlike: ProxyChanges = {}): Promise<TestNginx> {
    const { port, tls } = this.#startOptions()
    return startNginx({ port, instances: this.#ports, ...unlike, ...(tls && { tls }) })
  }

  #startOptions(): StartOptions {
    if (!this.#options) throw new Error('nothing was started')
    return this.#options
  }
}
