// A list of records of the file: ["1", "4", …].
import { h } from "../dom.js";
import { makeRecordList } from "../record_list.js";
import { inGrid } from "../rows.js";

/** @type {Kind} */
export const fiches = {
  mount({ spec, labelledby, changed, say }) {
    const list = makeRecordList(spec, { say, changed });
    return {
      node: h("div", { class: "segment", role: "group", "aria-labelledby": labelledby }, list.grid.node, list.node),
      width: "wide",
      value: () => (list.ids().length ? list.ids() : null),
      setValue: list.setValue,
      setFeedback: (_notes, cells) => list.grid.table.setNotes(cells),
      ...inGrid(list.grid),
    };
  },
};
