// Node-RED with the dashboard of FaceLandmark. run.sh sets the address and the port; the rest comes from the environment, see README.md.
const address = process.env.FACELANDMARK_DASHBOARD_ADDRESS || "127.0.0.1";
const loopback = ["127.0.0.1", "::1", "localhost"].includes(address);

module.exports = {
    flowFile: "flows.json",
    flowFilePretty: true,
    // Unset, Node-RED makes a secret of its own and keeps it in the user directory.
    credentialSecret: process.env.FACELANDMARK_CREDENTIAL_SECRET || undefined,

    uiHost: address,
    uiPort: Number(process.env.FACELANDMARK_DASHBOARD_PORT || 1880),
    // Whoever reaches the editor can run any program on this machine, so it is there for this machine only.
    httpAdminRoot: loopback ? "/" : false,
    httpNodeRoot: "/",

    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    mqttReconnectTime: 1000,
    socketReconnectTime: 1000,
    logging: { console: { level: "info", metrics: false, audit: false } },
};
