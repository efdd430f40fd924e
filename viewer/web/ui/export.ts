const SVG = "http://www.w3.org/2000/svg";

/** The properties that a picture's look is made of: copied onto it, so that it stands without the page's style. */
const COPIED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "opacity",
  "font-size",
  "font-family",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "visibility",
  "display",
];

/** Saves a picture as it is shown. Returns what to say of it. */
export async function exportPicture(picture: SVGSVGElement, kind: "svg" | "png", title: string): Promise<string> {
  const text = standalone(picture);
  const file = `${title.replace(/[^\w.-]+/g, "-").slice(0, 80)}.${kind}`;
  const drawing = new Blob([text], { type: "image/svg+xml" });
  try {
    save(kind === "svg" ? drawing : await rasterised(drawing, picture), file);
    return `Saved ${file}`;
  } catch (error) {
    return `Not saved: ${error instanceof Error ? error.message : error}`;
  }
}

/** The picture with its computed look written on it. */
export function standalone(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const { width, height } = picture.getBoundingClientRect();
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", String(Math.ceil(width)));
  copy.setAttribute("height", String(Math.ceil(height)));
  const from = [picture, ...picture.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const computed = getComputedStyle(element);
    for (const property of COPIED) {
      const value = computed.getPropertyValue(property);
      if (value) to[i]!.setAttribute(property, value);
    }
    to[i]!.removeAttribute("style");
  });
  const background = document.createElementNS(SVG, "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(background);
  return new XMLSerializer().serializeToString(copy);
}

async function rasterised(drawing: Blob, picture: SVGSVGElement): Promise<Blob> {
  const { width, height } = picture.getBoundingClientRect();
  const image = new Image();
  const url = URL.createObjectURL(drawing);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error("the browser could not draw it"));
      image.src = url;
    });
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * 2);
    canvas.height = Math.ceil(height * 2);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

const KEPT_MS = 2_000;

/** A picture made for a file alone: in the page out of sight, for as long as it takes to be saved. */
export function aside(picture: SVGSVGElement): SVGSVGElement {
  const away = document.createElement("div");
  away.className = "away";
  away.setAttribute("aria-hidden", "true");
  away.append(picture);
  document.body.append(away);
  setTimeout(() => away.remove(), KEPT_MS);
  return picture;
}

function save(blob: Blob, file: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function copyLink(): Promise<string> {
  return (await copy(location.href))
    ? "The link to this moment is copied"
    : "The address bar holds the link to this moment";
}

/** False where the browser does not let a page do so. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
