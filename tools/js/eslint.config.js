// Rules that find mistakes; layout is left to people. Undeclared names are found by the type check.
import js from "@eslint/js";

const SCRIPTS = ["crc_lab/notebook/js/**/*.js", "crc_lab/lab/labextension/crc-lab/static/**/*.js", "autograder/site/first/*.js", "autograder/site/first/*.mjs"];

export default [
  { ...js.configs.recommended, files: SCRIPTS },
  {
    files: SCRIPTS,
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": ["error", { checkForEach: false }],
      "eqeqeq": "error",
      "no-console": ["error", { allow: ["warn", "error"] }],
      "no-constructor-return": "error",
      "no-control-regex": "off", // rules.js refuses control characters
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-irregular-whitespace": ["error", { skipTemplates: true }], // French has no-break spaces
      "no-loop-func": "error",
      "no-new-func": "error",
      "no-self-compare": "error",
      "no-sequences": "error",
      "no-shadow": ["error", { builtinGlobals: false }],
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-undef": "off",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": ["error", { args: "after-used" }],
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "radix": "error",
    },
  },
];
