// <form data-passkey="create|get" data-options='{"publicKey": …}' | data-options-at="/…">: its button asks the browser for a passkey and sends
// the form with what it gave (Web Authentication Level 3; options and answers as its section 5.10.3 and 5.10.4 write them in JSON).

const toBytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toWords = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (keys = []) => keys.map((key) => ({ ...key, id: toBytes(key.id) }));

const asked = {
  create: ({ publicKey: key }) => navigator.credentials.create({
    publicKey: {
      ...key,
      challenge: toBytes(key.challenge),
      user: { ...key.user, id: toBytes(key.user.id) },
      excludeCredentials: named(key.excludeCredentials),
    },
  }),
  get: ({ publicKey: key }) => navigator.credentials.get({
    publicKey: { ...key, challenge: toBytes(key.challenge), allowCredentials: named(key.allowCredentials) },
  }),
};

const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const inWords = (credential) => {
  const response = {};
  for (const field of FIELDS) if (credential.response[field]) response[field] = toWords(credential.response[field]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toWords(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
};

const optionsOf = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
};

const say = (form, words) => {
  const line = form.querySelector("[data-passkey-says]");
  line.textContent = words;
  line.hidden = !words;
};

const start = (form) => {
  const button = form.querySelector("[data-passkey-go]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    return say(form, form.dataset.textCannot);
  }
  button.addEventListener("click", async () => {
    say(form, "");
    button.disabled = true;
    try {
      form.elements.credential.value = inWords(await asked[form.dataset.passkey](await optionsOf(form)));
      form.submit();
    } catch {
      // Cancelled, timed out, or no passkey of this site: the browser has said which.
      button.disabled = false;
      say(form, form.dataset.textFailed);
    }
  });
};

document.querySelectorAll("form[data-passkey]").forEach(start);
