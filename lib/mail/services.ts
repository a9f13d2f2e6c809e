import 'server-only'
import { type Authorities, createAuthorities } from '../auth0/authority'
import { type Brands, createBrands } from '../brand/brand'
import type { Config } from '../config/config'
import { createSealer, type Sealer } from '../config/seal'
import type { Smtp } from '../config/smtp'
import type { LanguageSettings } from '../messages'
import { createStore } from '../store/store'
import type { Store } from '../store/store-contract'

/** The settings and services that sending mails needs. */
export interface MailServices extends Pick<Config, 'appBaseUrl'>, Omit<LanguageSettings, 'isSecure'> {
  smtp: Smtp
  store: Store
  sealer: Sealer
  authorities: Authorities
  brands: Pick<Brands, 'brandFor'>
}

/** Makes the services for sending mails; undefined if the operator configured no mail server. Opens no connection. */
export function createMailServices(settings: Config): MailServices | undefined {
  const { smtp, appBaseUrl, messageOverrides, flowSecret } = settings
  if (!smtp) return undefined
  const store = createStore(settings.redisUrl)
  const sealer = createSealer(flowSecret)
  const authorities = createAuthorities({ ...settings, store, sealer })
  const brands = createBrands({ ...settings, store, sealer, authorities })
  const defaultLocales = () => brands.atHand().enabledLocales
  return { smtp, appBaseUrl, messageOverrides, store, sealer, authorities, brands, defaultLocales }
}
