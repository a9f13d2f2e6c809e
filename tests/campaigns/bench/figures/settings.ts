import { FlowBrowser } from '../../../support/browser/flow-browser'
import { PAGE, Settings } from '../../../support/flow/settings'
import { type Findings, inTurns, timed } from '../figure'
import type { Stage } from '../stage'
import { launchChromium, trafficOf } from '../traffic'

const VIEWS = 15

/** The cost of the page "Sign-in methods". */
export async function settings(stage: Stage): Promise<Findings> {
  const { flow, demo, floor } = stage
  await flow.tenant.reset()
  await demo.crashApp()
  const dee = new FlowBrowser()
  const page = new Settings(flow, dee)
  await page.open('dee@example.com')
  // After its restart the process has nothing of Dee in memory. Ann's visit makes it read the tenant's connections again.
  await demo.crashApp()
  await new Settings(flow, new FlowBrowser()).open('ann@example.com')
  const callsOfView = async () => {
    const before = (await flow.tenant.calls()).length
    await page.view()
    return (await flow.tenant.calls()).length - before
  }
  const firstCalls = await callsOfView()
  const laterCalls = await callsOfView()
  const times = await inTurns(VIEWS, {
    ours: () => timed(() => page.view()),
    user: () => timed(() => readUser(stage)),
  })
  const framework = await floor.start()
  const browser = await launchChromium()
  try {
    const context = await browser.newContext()
    const empty = await trafficOf(await context.newPage(), framework.url)
    for (const { key, value } of await dee.jar.getCookies(demo.app))
      await context.addCookies([{ name: key, value, url: demo.app }])
    const ours = await trafficOf(await context.newPage(), `${demo.app}${PAGE}`)
    return {
      figures: [
        {
          name: 'Management API calls for a view of "Sign-in methods"',
          ours: firstCalls,
          unit: 'calls',
          other: { name: 'one `GET /users/{id}`', value: 1 },
          target: { of: 'ours', most: 2 },
        },
        {
          name: 'Management API calls for the next view within ten minutes',
          ours: laterCalls,
          unit: 'calls',
          other: { name: 'one `GET /users/{id}`', value: 1 },
          target: { of: 'ours', most: 1 },
        },
        {
          name: 'time of such a view',
          ours: times.ours,
          unit: 'ms',
          other: { name: 'one `GET /users/{id}` from here', value: times.user },
        },
        {
          name: 'JavaScript of "Sign-in methods" beyond that of a page with no client component',
          ours: (ours.scriptBytes - empty.scriptBytes) / 1000,
          unit: 'kB',
          other: { name: 'a page with no client component', value: empty.scriptBytes / 1000 },
          target: { of: 'ours', most: 3 },
        },
      ],
    }
  } finally {
    await browser.close()
    await framework.close()
  }
}

async function readUser({ flow, demo }: Stage): Promise<void> {
  const token = await flow.tenant.managementToken('read:users')
  const { status } = await fetch(`${demo.tenant}/api/v2/users/auth0%7Cdee`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (status !== 200) throw new Error(`the Management API answered ${status}`)
}
