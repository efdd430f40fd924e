/** What `--reporter` takes. Apart from the reporters themselves, which need not be loaded to know their names. */
export const REPORTER_NAMES: readonly string[] = ["terminal", "json", "junit", "github", "html"];
