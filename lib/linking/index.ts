/**
 * The linking rules, without any dependency: the Action bundles them, the linking service and the settings page import them.
 * @module
 */
export * from './candidates'
export * from './contract'
export * from './decide-link'
export * from './errors'
export * from './hash'
export * from './identity'
export * from './marks'
export * from './metadata'
export * from './policy'
export * from './primary'
