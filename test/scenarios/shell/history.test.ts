import { expect, test } from "vitest";
import { readRunbook } from "../../../scenarios/runbook/page/read-runbook.js";
import { historyPage } from "../../../scenarios/shell/history.js";

test("a session's history reads as a runbook with the same lines, nodes and output", () => {
  const lines = [
    { node: "web1", text: "pcs status | grep Online", output: "  * Online: [ web1 web2 ]\n" },
    { node: "web2", text: "for i in 1 2; do\necho $i\ndone", output: "1\n2\n" },
    { node: "web2", text: "echo '```'", output: "```\n" },
    { node: "web1", text: "sleep 300", output: "" },
  ];
  const page = historyPage("../topology.yaml", ["{ fault: lose-node, node: web1 }"], lines);
  const { steps, before, front } = readRunbook(page, "history.md");
  expect(front.topology).toBe("../topology.yaml");
  expect(before).toHaveLength(1);
  const read = steps.flatMap((step) =>
    step.kind === "commands"
      ? step.commands.map(({ node, text, expected }) => ({
          node,
          text,
          output: (expected?.lines ?? []).map((one) => `${one}\n`).join(""),
        }))
      : [],
  );
  expect(read).toEqual(lines);
});
