/* The same notebook opened again, in another tab or in another browser, with the same kernel: whoever began the activity last
 * has the cards, and Python closes those of the other page, which says so and offers to go on here. */
const BEGINS = /^[ \t]*(?:crc_lab\.)?debut\(/m;

/** Watch who begins the activity in the kernel of a panel; `resume` makes the cards again in this page. @param {Panel} panel @param {() => Promise<void>} resume */
export function watchElsewhere(panel, resume) {
  const { sessionContext, content } = panel;
  let cover = /** @type {HTMLElement | null} */ (null);

  sessionContext.iopubMessage.connect((_, { header, parent_header: parent, content: { code } }) => {
    if (header.msg_type !== "execute_input" || !BEGINS.test(code || "")) return;
    show(parent.session !== sessionContext.session?.kernel?.clientId);
  });

  /** @param {boolean} elsewhere */
  function show(elsewhere) {
    content.node.inert = elsewhere;
    cover?.remove();
    cover = elsewhere ? makeCover() : null;
    if (cover) panel.node.append(cover);
  }

  function makeCover() {
    const node = document.createElement("div");
    node.className = "crc-ailleurs";
    node.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = "Ce carnet est ouvert dans un autre onglet. Vos réponses y sont.";
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Continuer ici" });
    button.addEventListener("click", () => {
      button.disabled = true;
      resume().finally(() => { button.disabled = false; });
    });
    node.append(text, button);
    return node;
  }
}
