import { spawnSync } from "node:child_process";

/** Compiles the sources to dist/ where they are newer: tests of the program run what a user would run. */
export default function build(): void {
  if (process.env["FENCEPOST_TEST_MAIN"]) return;
  const script = 'import("./.ci/prepare.mjs").then(({ build }) => build())';
  const { status } = spawnSync(process.execPath, ["-e", script], { stdio: "inherit" });
  if (status !== 0) throw new Error("the build failed, so the program cannot be tested");
}
