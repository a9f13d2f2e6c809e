import 'server-only'
import type { Authorities } from '../auth0/authority'
import type { Brands } from '../brand/brand'
import type { Config } from '../config/config'
import type { Sealer } from '../config/seal'
import type { Smtp } from '../config/smtp'
import type { LanguageSettings } from '../messages'
import type { Store } from '../store/store-contract'

/** The settings and services that sending mails needs. */
export interface MailServices extends Pick<Config, 'appBaseUrl'>, Omit<LanguageSettings, 'isSecure'> {
  smtp: Smtp
  store: Store
  sealer: Sealer
  authorities: Authorities
  brands: Pick<Brands, 'brandFor'>
}
