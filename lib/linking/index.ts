/**
 * The linking rules, without any dependency: the Action bundles them, the linking service and the settings page import them.
 * @module
 */
export * from './candidates'
export * from './carry-out-link'
export * from './connection-list'
export * from './contract'
export * from './decide-connect'
export * from './decide-link'
export * from './decide-unlink'
export * from './ending'
export * from './errors'
export * from './give-back'
export * from './hash'
export * from './identity'
export * from './journal'
export * from './marks'
export * from './metadata'
export * from './policy'
export * from './primary'
export * from './strategies'
