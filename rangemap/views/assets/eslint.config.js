import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["built/**", "leaflet/**", "node_modules/**"] },
  js.configs.recommended,
  {
    files: ["src/**/*.js"],
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
  },
  {
    files: ["*.mjs", "*.js", "test/**"],
    ignores: ["src/**"],
    languageOptions: { globals: globals.node },
  },
  {
    rules: {
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Build elements with dom.js: data is never markup." },
        { property: "outerHTML", message: "Build elements with dom.js: data is never markup." },
        { property: "insertAdjacentHTML", message: "Build elements with dom.js: data is never markup." },
        { object: "document", property: "write", message: "Build elements with dom.js." },
      ],
    },
  },
];
