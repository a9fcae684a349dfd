import { render } from "preact";
import { App } from "./app.tsx";
import { connect } from "./backend.ts";
import { loadConfig } from "./config.ts";
import "uplot/dist/uPlot.min.css";
import "./style.css";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no #app");

try {
  render(<App backend={connect(await loadConfig())} />, root);
} catch (error) {
  root.textContent = error instanceof Error ? error.message : "The console could not start.";
}
