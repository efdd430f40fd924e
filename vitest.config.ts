import { defineConfig } from "vitest/config";

/** Tests that run the built program; they alone need it built. */
const PROGRAM = [
  ...["cli", "page", "server", "web"].map((folder) => `test/viewer/${folder}/**/*.test.ts`),
  "test/readme.test.ts",
  "test/viewer/vitest/template.test.ts",
  "test/scenarios/packed/**/*.test.ts",
  "test/scenarios/explore/planted-bugs.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Where Debian has haproxy, corosync and Pacemaker's programs, and the path of a user who is not root has not.
    env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
    projects: [
      { extends: true, test: { name: "sources", include: ["test/**/*.test.ts"], exclude: PROGRAM } },
      { extends: true, test: { name: "program", include: PROGRAM, globalSetup: "test/viewer/cli/build.ts" } },
    ],
  },
});
