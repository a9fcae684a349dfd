// The peer: the smallest callable there is, on the same SDK and runtime.
const { onCall } = require("firebase-functions/v2/https");
exports.hello = onCall({ region: "europe-west1" }, () => "hello world");
