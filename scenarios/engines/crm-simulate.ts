import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import { writeCib } from "../../model/cluster/cib/write.js";
import { child, childrenNamed, parseXml } from "../../model/cluster/cib/xml.js";
import type {
  DecideOptions,
  Decision,
  Placement,
  Role,
  Scheduler,
  ScoreLine,
} from "../../model/cluster/scheduler/interface.js";
import { parseScore } from "../../model/cluster/scheduler/state/score.js";
import { InputError } from "../../model/errors.js";
import { readGraph } from "./transition-graph.js";

export interface CrmSimulateOptions {
  /** The program to call; `crm_simulate` from the path by default. */
  readonly program?: string;
}

/**
 * The Scheduler interface with the installed `crm_simulate` deciding. It writes the CIB into a directory of its own,
 * calls the program twice (once for the text of the summary and the graph, once for the states as data) and removes
 * the directory. Throws InputError where the program refuses the CIB, Error where it is not installed.
 */
export function crmSimulate(options: CrmSimulateOptions = {}): Scheduler {
  const program = options.program ?? "crm_simulate";
  return {
    name: "crm_simulate",
    decide(cib: Cib, decide: DecideOptions): Decision {
      const directory = mkdtempSync(join(tmpdir(), "fencepost-crm-"));
      try {
        return decideIn(directory, program, cib, decide);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

function decideIn(directory: string, program: string, cib: Cib, options: DecideOptions): Decision {
  const input = join(directory, "cib.xml");
  const graphFile = join(directory, "graph.xml");
  writeFileSync(input, writeCib(cib));
  const common = ["--simulate", "--xml-file", input, "--set-datetime", isoSeconds(options.nowEpochSeconds)];
  const text = call(program, [...common, "--save-graph", graphFile]);
  const xml = parseXml(
    call(program, [...common, "--output-as=xml", ...(options.withScores ? ["--show-scores"] : [])]),
    "crm_simulate",
  );
  const graph = readGraph(parseXml(readFileSync(graphFile, "utf8"), "transition graph"));
  const before = child(xml, "cluster_status");
  return {
    ...graph,
    placements: readPlacements(before, child(xml, "revised_cluster_status")),
    scores: options.withScores ? readScores(xml) : [],
    reasons: [],
    notModelled: [],
    summary: sectionOf(text, "Transition Summary:"),
    unclean: childrenNamed(child(before, "nodes"), "node")
      .filter((n) => n.attrs["unclean"] === "true")
      .map((n) => n.attrs["name"]!),
    haveQuorum: isTrue(cib.attrs["have-quorum"]),
  };
}

function isTrue(text: string | undefined): boolean {
  return text === "1" || text === "true" || text === "yes" || text === "on" || text === "y";
}

interface Failure {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const NOT_TO_BE_PLAYED = "An invalid transition was produced";

function call(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      maxBuffer: 1 << 29,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    });
  } catch (error) {
    const { code, status, signal, stdout, stderr } = error as NodeJS.ErrnoException & Failure;
    if (code === "ENOENT") throw new Error(`${program} is not installed (Debian's pacemaker-cli-utils brings it)`);
    // The decision is whole: what the program then could not play, no controller could.
    if (status === 1 && (stderr + stdout).includes(NOT_TO_BE_PLAYED)) return stdout;
    const ended = status === null ? `was ended by ${signal}` : `exited ${status}`;
    throw new InputError({ file: "CIB", line: 0, message: `${program} ${ended}: ${complaintOf(program, args)}` });
  }
}

/** What it says when it is told to say everything: a failed assertion alone names a line of its source. */
function complaintOf(program: string, args: readonly string[]): string {
  const { stderr } = spawnSync(program, ["--verbose", ...args], { encoding: "utf8", maxBuffer: 1 << 29 });
  return (stderr ?? "")
    .trim()
    .split("\n")
    .slice(-2)
    .map((line) => line.trim().replace(/\s+/g, " "))
    .join("; ");
}

function isoSeconds(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The lines of one section of the text output, without their bullet. */
function sectionOf(text: string, heading: string): string[] {
  const lines: string[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (/^\S.*:$/.test(line.trimEnd())) inside = line.trimEnd() === heading;
    else if (inside && line.trim() !== "") lines.push(line.replace(/^ {2}\* /, ""));
  }
  return lines;
}

interface Seen {
  readonly id: string;
  readonly instance: string;
  readonly nodes: readonly string[];
  readonly role: Role;
  readonly managed: boolean;
  readonly blocked: boolean;
}

/**
 * What runs where before and after the simulated transition. The program does not number the instances of an
 * anonymous clone; they are numbered here in its order, the same before and after where their nodes are the same.
 */
function readPlacements(before: XmlElement | undefined, after: XmlElement | undefined): Placement[] {
  const later = new Map<string, Seen>();
  for (const seen of readResources(child(after, "resources"))) later.set(seen.instance, seen);
  return readResources(child(before, "resources")).map((now) => {
    const next = later.get(now.instance);
    return {
      resource: now.id,
      instance: now.instance,
      currentNodes: now.nodes,
      currentRole: now.role,
      ...(next?.nodes[0] === undefined ? {} : { nextNode: next.nodes[0] }),
      nextRole: next?.role ?? "Stopped",
      managed: now.managed,
      blocked: now.blocked,
    };
  });
}

function readResources(parent: XmlElement | undefined): Seen[] {
  const all: Seen[] = [];
  const walk = (e: XmlElement, numbers: Map<string, number> | undefined): void => {
    if (e.name === "resource") {
      const id = e.attrs["id"] ?? "";
      let instance = id;
      if (numbers && !id.includes(":")) {
        const n = numbers.get(id) ?? 0;
        numbers.set(id, n + 1);
        instance = `${id}:${n}`;
      }
      all.push({
        id,
        instance,
        nodes: childrenNamed(e, "node").map((n) => n.attrs["name"] ?? ""),
        role: roleOf(e.attrs["role"]),
        managed: e.attrs["managed"] === "true",
        blocked: e.attrs["blocked"] === "true",
      });
      return;
    }
    for (const c of e.children) walk(c, e.name === "clone" ? (numbers ?? new Map()) : numbers);
  };
  for (const e of parent?.children ?? []) walk(e, undefined);
  return all;
}

function roleOf(text: string | undefined): Role {
  switch (text) {
    case "Started":
    case "Stopped":
    case "Promoted":
    case "Unpromoted":
      return text;
    default:
      return "Unknown";
  }
}

function readScores(xml: XmlElement): ScoreLine[] {
  const lines: ScoreLine[] = [];
  for (const e of child(xml, "allocations")?.children ?? []) {
    if (e.name === "node_weight") {
      lines.push({
        step: e.attrs["function"] ?? "",
        instance: e.attrs["id"] ?? "",
        node: e.attrs["node"] ?? "",
        score: parseScore(e.attrs["score"]),
      });
    } else if (e.name === "promotion_score") {
      lines.push({
        step: "promotion",
        instance: e.attrs["id"] ?? "",
        node: e.attrs["node"] ?? "none",
        score: parseScore(e.attrs["score"]),
      });
    }
  }
  return lines;
}
