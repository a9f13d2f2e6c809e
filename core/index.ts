/**
 * The linking rules, without any dependency: the Action bundles them, the linking service and the settings page import them.
 * @module
 */

export * from './carry-out-link'
export * from './contract'
export * from './errors'
export * from './hash'
export * from './identity'
export * from './json-values'
export * from './records/ending'
export * from './records/give-back'
export * from './records/journal'
export * from './records/key-names'
export * from './records/marks'
export * from './records/marks-shape'
export * from './records/metadata'
export * from './records/own-keys'
export * from './records/snapshot'
export * from './rules/candidates'
export * from './rules/connection-list'
export * from './rules/decide-connect'
export * from './rules/decide-link'
export * from './rules/decide-unlink'
export * from './rules/policy'
export * from './rules/policy-options'
export * from './rules/primary'
export * from './rules/strategies'
