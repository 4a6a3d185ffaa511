/* In a browser alone, Python sees none of the notebooks: the page hands over what they hold, before any of their cells runs. */
import { read } from "./answers.js";
import { everything } from "./journal.js";

/** Kernels that have listened once: until then, theirs says that it is at rest. @type {WeakSet<Kernel>} */
const begun = new WeakSet();

export const hasBegun = (/** @type {Kernel | null | undefined} */ kernel) => Boolean(kernel && begun.has(kernel));

/** Give Python the sheets of the workbook, that of the notebook in front first; resolved once it has them. @param {Panel} panel */
export async function handOver({ context, sessionContext }) {
  const kernel = sessionContext.session?.kernel;
  if (!kernel) return;
  const sheets = { ...everything(), [context.path]: read(context) };
  // Twice JSON: a text of Python too, whatever it holds.
  const code = `from crc_lab.notebook.alone import lay_out\nlay_out(${JSON.stringify(context.path)}, ${JSON.stringify(JSON.stringify(sheets))})`;
  await kernel.requestExecute({ code, silent: true, store_history: false }).done;
  begun.add(kernel);
}
