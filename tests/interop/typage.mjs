// Seals and opens files with the npm package age-encryption. Standard input is a JSON list of tasks, standard output
// the list of their answers: null, or the words of the error. See test_typage.py.
import { readFileSync, writeFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // Node before 19 keeps it out of sight
const age = await import("age-encryption");

async function seal(task) {
  const encrypter = new age.Encrypter();
  for (const recipient of task.recipients ?? []) encrypter.addRecipient(recipient);
  if (task.passphrase) {
    encrypter.setPassphrase(task.passphrase);
    encrypter.setScryptWorkFactor(10);
  }
  const sealed = await encrypter.encrypt(new Uint8Array(readFileSync(task.from)));
  writeFileSync(task.to, task.armor ? age.armor.encode(sealed) : sealed);
}

async function unseal(task) {
  const decrypter = new age.Decrypter();
  for (const identity of task.identities ?? []) decrypter.addIdentity(identity);
  if (task.passphrase) decrypter.addPassphrase(task.passphrase);
  const file = readFileSync(task.from);
  const sealed = task.armor ? age.armor.decode(file.toString("latin1")) : new Uint8Array(file);
  writeFileSync(task.to, await decrypter.decrypt(sealed));
}

async function generate(task) {
  const identity = await age.generateHybridIdentity();
  writeFileSync(task.to, `${identity}\n${await age.identityToRecipient(identity)}\n`);
}

const verbs = { seal, unseal, generate };
const answers = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await verbs[task.verb](task).then(() => null, (error) => error.message));
}
process.stdout.write(JSON.stringify(answers));
