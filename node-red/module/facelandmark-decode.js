// Node-RED's node "decode landmarks".
"use strict";

const { decode } = require("./lib/landmarks");

module.exports = RED => {
    function Decode(config) {
        RED.nodes.createNode(this, config);
        this.on("input", (msg, send, done) => {
            let message;
            try {
                message = decode(msg.payload);
            } catch (reason) {
                return done(reason.message);
            }
            const about = { seq: message.seq, camera: message.camera, frame: message.frame };
            const id = RED.util.generateId(), count = message.faces.length;
            send([
                message.faces.map((face, index) => ({ ...msg, ...about, payload: face, parts: { id, type: "array", index, count } })),
                { ...msg, payload: message },
            ]);
            done();
        });
    }

    RED.nodes.registerType("facelandmark-decode", Decode);
};
