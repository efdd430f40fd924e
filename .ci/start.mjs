// `npm start`: runs the reference scenarios, prints the verdicts and writes one HTML file.
import { build, install, run } from "./prepare.mjs";

install();
build();
process.exit(
  run(process.execPath, [
    "dist/viewer/cli/main.js",
    "run",
    "--reporter",
    "terminal",
    "--reporter",
    "html",
    ...process.argv.slice(2),
  ]),
);
