// Node-RED's node "draw overlay".
"use strict";

const { decode, draw } = require("./lib/landmarks");

const COLOUR = /^#[0-9a-f]{3,8}$/i;

module.exports = RED => {
    function Overlay(config) {
        RED.nodes.createNode(this, config);
        const colour = COLOUR.test(config.colour) ? config.colour : "#39f0c8";
        this.on("input", (msg, send, done) => {
            try {
                msg.payload = draw(decode(msg.payload), msg.picture, colour);
            } catch (reason) {
                return done(reason.message);
            }
            send(msg);
            done();
        });
    }

    RED.nodes.registerType("facelandmark-overlay", Overlay);
};
