/**
 * The settings and services of the redirect flow. Functions get all of them, or the part that they need, as their first
 * parameter.
 * @module
 */
import 'server-only'
import type { SendAdoption } from '../../core'
import { type Authorities, createAuthorities } from '../auth0/authority'
import { type Brands, createBrands } from '../brand/brand'
import type { Config } from '../config/config'
import { createSealer, type Sealer } from '../config/seal'
import { createAdoptions } from '../events/adoptions'
import { createEvents, type Events } from '../events/emit-event'
import { createEventStream } from '../events/event-stream'
import type { AccountWork } from '../jobs/account-work'
import type { JobServices } from '../jobs/job-kinds'
import { doJob } from '../jobs/jobs'
import { mailAll } from '../jobs/mail-all'
import { createStore } from '../store/store'
import type { Store } from '../store/store-contract'

/** Settings from which a service is made. No other code may read them. */
type MadeIntoServices =
  | 'adoptionWebhook'
  | 'auth0Secret'
  | 'eventsWebhook'
  | 'flowSecret'
  | 'managementClient'
  | 'smtp'

/** The settings of this installation, and the services made from them. */
export interface Services extends Omit<Config, MadeIntoServices> {
  store: Store
  sealer: Sealer
  events: Events
  /** Calls the operator's application at `ADOPTION_URL` before and after a link; undefined if none is configured. */
  adopt: SendAdoption | undefined
  /** The settings and services that background jobs use. */
  jobs: JobServices
  authorities: Authorities
  brands: Brands
  /** The tenant's languages, the default one first; empty if they are not known yet. */
  defaultLocales: () => readonly string[]
}

/**
 * Loads the code of the background jobs that work on accounts. It is loaded only for such a job, so serving a login does not
 * load it.
 */
export type LoadAccountWorkWith = (services: Services) => Promise<AccountWork>

/**
 * Makes the services of one process. It opens no connection.
 *
 * @param accountWork - Loads the code of the background jobs that work on accounts.
 */
export function createServices(settings: Config, accountWork: LoadAccountWorkWith): Services {
  const { auth0Secret: _secret, eventsWebhook, smtp, adoptionWebhook, ...others } = settings
  const { flowSecret, managementClient, ...rest } = others
  const store = createStore(settings.redisUrl)
  const sealer = createSealer(flowSecret)
  const authorities = createAuthorities({ ...rest, managementClient, store, sealer })
  const brands = createBrands({ ...rest, store, sealer, authorities })
  const defaultLocales = () => brands.atHand().enabledLocales
  const { appBaseUrl, messageOverrides, redisUrl } = rest
  const jobs: JobServices = {
    ...{ adoptionWebhook, appBaseUrl, eventsWebhook, redisUrl, sealer },
    accountWork: () => accountWork(services),
    mails: smtp && { smtp, appBaseUrl, messageOverrides, defaultLocales, store, sealer, authorities, brands },
  }
  const services: Services = {
    ...rest,
    defaultLocales,
    store,
    sealer,
    events: createEvents(
      { ...settings, defaultLocales },
      brands,
      (id, body) => doJob(jobs, { name: 'webhook', id, data: { body } }),
      smtp && ((id, event, at) => mailAll(jobs, id, event, at)),
      redisUrl === undefined ? undefined : createEventStream(redisUrl, appBaseUrl),
    ),
    adopt: createAdoptions(adoptionWebhook, (id, body) =>
      doJob(jobs, { name: 'adoption', id, data: { body } }),
    ),
    jobs,
    authorities,
    brands,
  }
  return services
}
