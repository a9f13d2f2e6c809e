// The application's process preloads this module. It ends that process when the process that started the application is
// gone, for whatever reason.
process.once('disconnect', () => process.exit())
