/** One task of the driver: named values that Python gave. */
export class Task {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(line: string) {
    this.#values = new Map(Object.entries(JSON.parse(line) as object));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string {
    const value = this.#values.get(name);
    if (typeof value !== "string") throw new TypeError(`the task has no text named ${name}`);
    return value;
  }

  number(name: string): number {
    const value = this.#values.get(name);
    if (typeof value !== "number") throw new TypeError(`the task has no number named ${name}`);
    return value;
  }

  list(name: string): readonly unknown[] {
    const value = this.#values.get(name);
    if (!Array.isArray(value)) throw new TypeError(`the task has no list named ${name}`);
    return value;
  }

  object(name: string): object {
    const value = this.#values.get(name);
    if (typeof value !== "object" || value === null) throw new TypeError(`the task has no object named ${name}`);
    return value;
  }

  bytes(name: string): Uint8Array {
    return bytesOf(this.text(name));
  }
}

export type Verb = (task: Task) => unknown;

export function bytesOf(base64: unknown): Uint8Array {
  if (typeof base64 !== "string") throw new TypeError("bytes are given as base64");
  return new Uint8Array(Buffer.from(base64, "base64"));
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
