// Preloaded into the application's process. Ends it when the process that started it is gone, for whatever reason.
process.once('disconnect', () => process.exit())
