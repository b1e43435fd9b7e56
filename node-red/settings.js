// Node-RED with the dashboard of FaceLandmark. run.sh sets address and port; the rest comes from the environment, see README.md.
const path = require("node:path");

const address = process.env.FACELANDMARK_DASHBOARD_ADDRESS || "127.0.0.1";
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const loopback = [...LOOPBACK, "::1"].includes(address);
const hosts = [...LOOPBACK, ...(process.env.FACELANDMARK_DASHBOARD_HOSTS || "").split(",").filter(Boolean)];

// Node-RED answers pages of any site, and without this a page open in the same browser could reach the editor, the cameras and the switches.
function isOwn({ origin, host }) {
    try {
        const asked = new URL(`http://${host}`);
        return (!loopback || hosts.includes(asked.hostname)) && (!origin || [asked.host, ...hosts].includes(new URL(origin).host));
    } catch {
        return false;
    }
}

function refuseOthers(request, response, next) {
    if (isOwn(request.headers)) next();
    else response.status(403).send("This address is for its own pages only; FACELANDMARK_DASHBOARD_HOSTS can name more.");
}

module.exports = {
    flowFile: "flows.json",
    flowFilePretty: true,
    // The nodes that the flow uses; in a Node-RED of your own they are installed as a module.
    nodesDir: path.join(__dirname, "module"),
    // Unset, Node-RED makes a secret of its own and keeps it in the user directory.
    credentialSecret: process.env.FACELANDMARK_CREDENTIAL_SECRET || undefined,

    uiHost: address,
    uiPort: Number(process.env.FACELANDMARK_DASHBOARD_PORT || 1880),
    // Everyone who reaches the editor can run any program on this machine, so only this machine gets it.
    httpAdminRoot: loopback ? "/" : false,
    httpNodeRoot: "/",
    httpAdminMiddleware: refuseOthers,
    httpNodeMiddleware: refuseOthers,
    dashboard: { middleware: refuseOthers, ioMiddleware: (socket, next) => next(isOwn(socket.handshake.headers) ? undefined : new Error("refused")) },

    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    mqttReconnectTime: 1000,
    logging: { console: { level: "info", metrics: false, audit: false } },
};
