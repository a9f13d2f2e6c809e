// Preloaded into the application's process: it ends when the one that started it is gone, however that ended.
process.once('disconnect', () => process.exit())
