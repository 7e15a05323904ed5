// Security keys: turns the button of a [data-webauthn] form into the browser's dialog and sends what comes of it.
"use strict";
(() => {
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const create = async (options) => {
    const asked = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: known(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey: asked });
    return answer(made, { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) });
  };
  const get = async (options) => {
    const asked = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey: asked });
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
    return answer(made, { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
  };
  const answer = (made, response) => ({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() });

  for (const form of document.querySelectorAll("form[data-webauthn]")) {
    const problem = form.querySelector("[role=alert]");
    const options = JSON.parse(document.getElementById("webauthn-options").textContent);
    if (!window.PublicKeyCredential) {
      problem.hidden = false;
      form.querySelector("button").disabled = true;
      continue;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const done = options.creation_options ? await create(options.creation_options.publicKey) : await get(options.request_options.publicKey);
        form.elements.credential.value = JSON.stringify(done);
        HTMLFormElement.prototype.submit.call(form);
      } catch (error) {
        problem.hidden = false;
      }
    });
  }
})();
