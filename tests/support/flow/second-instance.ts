/**
 * A second process of the application, as if both were behind one load balancer.
 * @module
 */
import { beforeAll } from 'vitest'
import { startApp } from '../../../scripts/lib/app-process.mjs'
import { freePort } from '../../../scripts/lib/options.mjs'
import { isMultipart, type Visit } from '../browser/browser'
import { type FlowBrowser, fieldsOf, formOf } from '../browser/flow-browser'
import type { OwnFlow } from './own-demo'

/** The second process. It runs during the surrounding tests. */
export class SecondInstance {
  output = () => ''
  private port = 0

  /** Starts the process before the surrounding tests, and stops it after them. */
  constructor(private readonly own: OwnFlow) {
    beforeAll(async () => {
      this.port = await freePort(0, false)
      const { app, certificate } = own.flow.demo
      const running = await startApp({
        port: this.port,
        ...(app.startsWith('https:') && { tls: certificate }),
        env: { ...process.env, ...own.flow.demo.env, NODE_ENV: 'production' } as Record<string, string>,
        onExit: (printed) => console.error(printed),
      })
      this.output = running.output
      return running.close
    })
  }

  /** Changes a URL's port to that of the second process. */
  at(address: string | URL): URL {
    const url = new URL(address, this.own.flow.demo.app)
    url.port = String(this.port)
    return url
  }

  /** Submits the form of a button to the second process. Does not follow redirects to URLs that begin with `stopAt`. */
  press(browser: FlowBrowser, page: Visit, button: string, stopAt?: string): Promise<Visit> {
    const form = formOf(page, button)
    const { app } = this.own.flow.demo
    return browser.visit(this.at(new URL(form.getAttribute('action') ?? '', page.url)), {
      method: 'POST',
      body: fieldsOf(form),
      isMultipart: isMultipart(form),
      headers: {
        origin: app,
        'sec-fetch-site': 'same-origin',
        'x-forwarded-host': new URL(app).host,
      },
      ...(stopAt !== undefined && { stopAt }),
    })
  }
}
