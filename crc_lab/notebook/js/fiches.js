// A list of records of the file: ["1", "4", …].
import { h } from "./dom.js";
import { makeRecordList } from "./record_list.js";

/** @type {Mount} */
export function fiches({ spec, labelledby, changed, say }) {
  const list = makeRecordList(spec, { say, changed });
  return {
    node: h("div", { class: "segment", role: "group", "aria-labelledby": labelledby }, list.grid.node, list.node),
    wide: true,
    value: () => (list.ids().length ? list.ids() : null),
    fill: list.fill,
    mark: (notes, cells) => list.mark(cells),
  };
}
