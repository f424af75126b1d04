// Makes cdk.out anew: `npm install && node make.js`. What only other tools read is left out, and the path of this
// machine is replaced by /app.
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");

const out = path.join(__dirname, "cdk.out");
const context = { "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true };
const unread = ["tree.json", "validation-report.json"];

fs.rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [path.join(__dirname, "app.js")], {
  cwd: __dirname,
  env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) },
  stdio: "ignore",
});

function trimmed(value) {
  for (const [name, artifact] of Object.entries(value.artifacts || {})) {
    if (artifact.type === "cdk:feature-flag-report" || artifact.type === "cdk:tree") delete value.artifacts[name];
  }
  for (const [name, entries] of Object.entries(value)) {
    if (Array.isArray(entries)) value[name] = entries.filter((entry) => entry.type !== "aws:cdk:warning");
  }
  return value;
}

for (const name of fs.readdirSync(out, { recursive: true })) {
  const file = path.join(out, name);
  if (unread.includes(path.basename(name))) fs.rmSync(file);
  else if (name.endsWith(".json")) {
    const text = fs.readFileSync(file, "utf8").replaceAll(__dirname, "/app");
    const kept = name.endsWith("template.json") ? text : JSON.stringify(trimmed(JSON.parse(text)), null, 1);
    fs.writeFileSync(file, kept + "\n");
  }
}
