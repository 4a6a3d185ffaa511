// Messages to Python and back. A dead kernel costs a French sentence, never an answer.

const PATIENCE = 8000;

/**
 * `onSilence(type)`: no acknowledgement came within PATIENCE.
 * @param {Shell} shell @param {Record<string, (message: Message, buffers: BlobPart[]) => void>} handlers @param {(type: string) => void} onSilence
 */
export function makeKernel({ model, atEnd }, handlers, onSilence) {
  const waiting = new Map();
  const answered = (/** @type {string} */ type) => {
    clearTimeout(waiting.get(type));
    waiting.delete(type);
  };
  const receive = (/** @type {Message} */ message, /** @type {BlobPart[]} */ buffers) => {
    if (!message || typeof message !== "object") return;
    if (message.type === "recu" || message.type === "fini") answered(message.de);
    handlers[message.type]?.(message, buffers || []);
  };
  model.on("msg:custom", receive);

  /** @param {Message} message @param {ArrayBuffer[]} [buffers] */
  function ask(message, buffers) {
    answered(message.type);
    waiting.set(message.type, setTimeout(() => {
      waiting.delete(message.type);
      onSilence(message.type);
    }, PATIENCE));
    try {
      model.send(message, undefined, buffers);
    } catch {
      answered(message.type);
      onSilence(message.type);
    }
  }

  /** What fails here is already in the plugin's hands. @param {() => void} action */
  function quietly(action) {
    try {
      action();
    } catch (error) {
      console.warn("crc-lab:", error);
    }
  }

  atEnd(() => {
    model.off("msg:custom", receive);
    for (const timer of waiting.values()) clearTimeout(timer);
  });
  return {
    ask,
    tell: (/** @type {Message} */ message) => quietly(() => model.send(message)),
    /** Set traits and send them. @param {Record<string, Json>} values */
    push: (values) => quietly(() => {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    }),
  };
}
