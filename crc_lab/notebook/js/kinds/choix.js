// One choice among several: radio buttons.
import { choices } from "../fields.js";

/** @type {Kind} */
export const choix = { mount: (context) => choices(context, "radio") };
