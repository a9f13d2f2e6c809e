/**
 * What the redirect flow works with. Functions take it, or the part that they need, as their first parameter.
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
import { createJobServices } from '../jobs/job-kinds'
import { doJob } from '../jobs/jobs'
import { mailAll } from '../jobs/mail-all'
import { createStore } from '../store/store'
import type { Store } from '../store/store-contract'

/** Settings that a service is made from; nothing else may read them. */
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
  /** Asks and tells the application that moves its own data with a link; undefined if there is none. */
  adopt: SendAdoption | undefined
  authorities: Authorities
  brands: Brands
  /** The tenant's languages, its default first, as far as they are known. */
  defaultLocales: () => readonly string[]
}

/** Makes the services of one process. It opens no connection. */
export function createServices(settings: Config): Services {
  const { auth0Secret: _secret, eventsWebhook: _webhook, smtp, adoptionWebhook, ...others } = settings
  const { flowSecret, managementClient, ...rest } = others
  const store = createStore(settings.redisUrl)
  const sealer = createSealer(flowSecret)
  const authorities = createAuthorities({ ...rest, managementClient, store, sealer })
  const brands = createBrands({ ...rest, store, sealer, authorities })
  const jobServices = createJobServices(settings)
  const defaultLocales = () => brands.atHand().enabledLocales
  return {
    ...rest,
    defaultLocales,
    store,
    sealer,
    events: createEvents(
      { ...settings, defaultLocales },
      brands,
      (id, body) => doJob(jobServices, { name: 'webhook', id, data: { body } }),
      smtp && ((id, event, at) => mailAll(jobServices, id, event, at)),
    ),
    adopt: createAdoptions(adoptionWebhook, (id, body) =>
      doJob(jobServices, { name: 'adoption', id, data: { body } }),
    ),
    authorities,
    brands,
  }
}
